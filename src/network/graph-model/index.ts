/**
 * A tfjs graph model, as `tensorflowjs_converter` makes it of a SavedModel → a network's files: its nodes are said in ONNX's
 * terms, and converted as an ONNX file is.
 */
import type { WeightEntry } from '../files.ts';
import { isRecord } from '../manifest.ts';
import { convertOnnx, type Converted } from '../onnx/convert.ts';
import type { OnnxModel, OnnxValue } from '../onnx/model.ts';
import { GraphWriter } from './graph.ts';
import { nodesOf, shapeOf, tensorName, typeOf, type GraphDefNode } from './nodes.ts';
import { OPERATIONS } from './operations.ts';
import { tensorsOf } from './tensors.ts';

/** The operation set in whose terms the nodes are said. */
const OPSET = 17;

/**
 * @param model content of model.json.
 * @param data all shards in a row.
 * @param size height and width of the images where the graph leaves them open; null where nobody said.
 * @throws Error with a sentence that names the node which is not read here, and what to do.
 */
export function openGraphModel(
  model: Readonly<Record<string, unknown>>,
  weights: readonly WeightEntry[],
  data: ArrayBuffer,
  size: number | null,
): Converted {
  return convertOnnx(inOnnx(model, weights, data), size, (location) => {
    throw new Error(`${location} is not among the files`);
  });
}

function inOnnx(
  model: Readonly<Record<string, unknown>>,
  weights: readonly WeightEntry[],
  data: ArrayBuffer,
): OnnxModel {
  const all = nodesOf(model.modelTopology);
  const tensors = tensorsOf(weights, data);
  const outputs = outputsOf(model, all);
  const order = inOrder(all, outputs);
  const uses = new Map<string, number>();
  for (const name of [...order.flatMap(({ inputs }) => inputs), ...outputs])
    uses.set(name, (uses.get(name) ?? 0) + 1);
  const graph = new GraphWriter(tensors);
  const isOnlyUse = (name: string): boolean => uses.get(name) === 1;
  const prefix = commonPrefix(
    order.filter(({ op }) => OPERATIONS[op] && op !== 'Identity').map(({ name }) => name),
  );
  const inputs: OnnxValue[] = [];
  for (const node of order) {
    const { name, op } = node;
    if (op === 'Placeholder')
      inputs.push({
        ...{ name, dims: shapeOf(node, 'shape') },
        type: ['DT_FLOAT', 'DT_HALF', '1', ''].includes(typeOf(node, 'dtype')) ? 1 : 2,
      });
    else if (op === 'Const') {
      if (!tensors.has(name))
        throw new Error(
          `The weights of the node ${name} are not in weightsManifest of model.json. The file is damaged.`,
        );
    } else translate(node, graph, isOnlyUse, name.split('/').slice(prefix));
  }
  return {
    ...{ producer: 'tensorflowjs_converter', opset: OPSET, metadata: new Map() },
    ...{ nodes: graph.nodes, tensors, inputs },
    outputs: outputs.map((name) => ({ name, type: 1, dims: [] })),
  };
}

function translate(
  node: GraphDefNode,
  graph: GraphWriter,
  isOnlyUse: (name: string) => boolean,
  path: readonly string[],
): void {
  const { name, op } = node;
  const operation = OPERATIONS[op];
  // Named after the layer; the last part is what it does.
  graph.scopes = path.length > 1 ? path : [];
  try {
    if (!operation) throw new Error(advice(op));
    operation({ node, graph, isOnlyUse });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The node ${name} (${op}) cannot be converted: ${why}.`, { cause: error });
  }
}

function advice(op: string): string {
  if (/^(Stateless)?(If|While)$|^(Enter|Exit|Merge|Switch|NextIteration|LoopCond)$/.test(op))
    return 'it is a branch or a loop; export the network for inference, without them';
  if (/^Arg(Max|Min)$/.test(op))
    return 'it gives the class itself; export the network with its logits or probabilities as output';
  return (
    'the operation is not known here; save the network as a layers model (model.save of Keras, then tensorflowjs_converter ' +
    'with --input_format=keras), or as ONNX (python -m tf2onnx.convert --tfjs model.json --output net.onnx --opset 17)'
  );
}

/** The network's outputs: as the signature says, else what no other node takes. */
function outputsOf(
  model: Readonly<Record<string, unknown>>,
  nodes: readonly GraphDefNode[],
): string[] {
  const signature = isRecord(model.signature)
    ? model.signature
    : isRecord(model.userDefinedMetadata) && isRecord(model.userDefinedMetadata.signature)
      ? model.userDefinedMetadata.signature
      : {};
  const said = isRecord(signature.outputs) ? Object.entries(signature.outputs) : [];
  if (said.length > 0)
    return said.map(([key, output]) =>
      tensorName(isRecord(output) && typeof output.name === 'string' ? output.name : key),
    );
  const taken = new Set(nodes.flatMap(({ inputs }) => inputs));
  return nodes
    .filter(({ name, op }) => !taken.has(name) && !['Const', 'NoOp', 'Placeholder'].includes(op))
    .map(({ name }) => name);
}

/** The nodes on which the outputs depend, each behind what it takes. */
function inOrder(nodes: readonly GraphDefNode[], outputs: readonly string[]): GraphDefNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const order: GraphDefNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  // A stack of its own: graphs are deeper than calls may be.
  const stack = outputs.map((name) => ({ name, from: 'the outputs', isLeft: false })).reverse();
  while (stack.length > 0) {
    const { name: tensor, from, isLeft } = stack.pop()!;
    const name = tensor.replace(/:\d+$/, '');
    const node = byName.get(name);
    if (!node)
      throw new Error(
        `The node ${name}, which ${from} takes, is not in model.json. The file is damaged.`,
      );
    if (isLeft) {
      state.set(name, 'done');
      order.push(node);
      continue;
    }
    if (state.get(name) === 'open')
      throw new Error(`The node ${name} depends on itself: loops are not read here.`);
    if (state.get(name) === 'done') continue;
    state.set(name, 'open');
    stack.push({ name, from, isLeft: true });
    for (const input of [...node.inputs].reverse())
      if (state.get(input.replace(/:\d+$/, '')) !== 'done')
        stack.push({ name: input, from: name, isLeft: false });
  }
  return order;
}

/** How many parts of their paths all names begin with ("StatefulPartitionedCall/model/…"). */
function commonPrefix(names: readonly string[]): number {
  const paths = names.map((name) => name.split('/')).filter((path) => path.length > 1);
  const [first] = paths;
  if (!first) return 0;
  let length = 0;
  while (
    length < first.length - 1 &&
    paths.every((path) => path.length > length + 1 && path[length] === first[length])
  )
    length++;
  return length;
}
