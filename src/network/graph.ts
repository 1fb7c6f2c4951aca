/** A layers model as a directed acyclic graph of layer calls, in an order in which they can be run. */
import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { nodeFlops } from './cost.ts';

export type Layer = layers.Layer;

/** One call of a layer. */
export interface GraphNode {
  /** Name of the layer. */
  readonly name: string;
  /** Keras class: "Conv2D", "Add", … */
  readonly kind: string;
  readonly layer: Layer;
  /** The layer's configuration with tfjs's own field names (camel case). */
  readonly config: Readonly<Record<string, unknown>>;
  /** Indices of the nodes whose outputs this one takes, in order. */
  readonly inputs: readonly number[];
  /** Shape of the output without the batch dimension. */
  readonly shape: readonly number[];
}

/** Nodes in topological order: the first is the input, the last is the output. */
export type Graph = readonly GraphNode[];

/**
 * The nodes on which the network's own output depends: with several outputs the deepest, whatever their order in the
 * file; the others are branches (see `branchesOf`).
 * @throws Error with a sentence when the model has not exactly one input, or no fixed sizes.
 */
export function graphOf(model: LayersModel): Graph {
  if (model.inputs.length !== 1)
    throw new Error(
      `The network has ${model.inputs.length} inputs (${model.inputNames.join(', ')}); expected exactly one.`,
    );
  return mainOf(model).graph;
}

/** An output beside the network's own: layers of its own on one layer's output. */
export interface Branch {
  /** "branch1" for layers branch1.conv1 … branch1.fc, else the output layer's name. */
  readonly name: string;
  /** Node of the network whose output the branch takes. */
  readonly at: number;
  /** The branch's own layers; node 0 stands for that output. */
  readonly graph: Graph;
}

/**
 * The model's other outputs, by the place where they leave the network.
 * @param graph what `graphOf` gave for the model.
 * @throws Error with a sentence when a branch takes more than one of the network's tensors.
 */
export function branchesOf(model: LayersModel, graph: Graph): Branch[] {
  const { output, indexOf } = mainOf(model);
  const others = model.outputs.filter((_, o) => o !== output);
  const names = branchNames(others.map(({ sourceLayer }) => sourceLayer.name));
  const branches = others.map((tensor, b): Branch => {
    const name = names[b]!;
    const places = new Set<number>();
    const nodes: GraphNode[] = [];
    collect(tensor, new Map(), nodes, (key) => {
      const at = indexOf.get(key);
      if (at === undefined) return null;
      places.add(at);
      return { ...graph[at]!, kind: 'InputLayer', inputs: [] };
    });
    const [at] = places;
    if (places.size !== 1 || nodes.length < 2)
      throw new Error(
        `The output ${tensor.sourceLayer.name} takes ${places.size} of the network's tensors; ` +
          'a branch hangs on exactly one and has layers of its own.',
      );
    return { name, at: at!, graph: nodes };
  });
  return branches.sort((a, b) => a.at - b.at);
}

/** What comes before the last mark where that tells the outputs apart, else their whole names. */
function branchNames(outputs: readonly string[]): string[] {
  const short = outputs.map((output) => {
    const cut = Math.max(...['.', '_', '/'].map((mark) => output.lastIndexOf(mark)));
    return cut > 0 ? output.slice(0, cut) : output;
  });
  if (new Set(short).size === short.length) return short;
  return outputs.map((output, at) => {
    const before = outputs.slice(0, at).filter((other) => other === output).length;
    return before === 0 ? output : `${output}#${before + 1}`;
  });
}

const keyOf = ({ sourceLayer, nodeIndex }: SymbolicTensor): string =>
  `${sourceLayer.name} ${nodeIndex}`;

/** The deepest output, with its graph and the nodes' indices by `keyOf`: that behind most FLOPs, then most layers. */
function mainOf(model: LayersModel) {
  const all = model.outputs.map((tensor, output) => {
    const graph: GraphNode[] = [];
    const indexOf = new Map<string, number>();
    collect(tensor, indexOf, graph, () => null);
    const flops = graph.reduce((sum, _, i) => sum + nodeFlops(graph, i), 0);
    return { output, graph, indexOf, flops };
  });
  return all.reduce((best, one) =>
    one.flops > best.flops || (one.flops === best.flops && one.graph.length >= best.graph.length)
      ? one
      : best,
  );
}

/**
 * Adds the calls on which a tensor depends to `nodes`, in topological order, each once.
 * @param standIn a node to take instead of a call and all before it; null to go on.
 */
function collect(
  tensor: SymbolicTensor,
  indexOf: Map<string, number>,
  nodes: GraphNode[],
  standIn: (key: string) => GraphNode | null,
): number {
  const { sourceLayer: layer, nodeIndex } = tensor;
  const key = keyOf(tensor);
  const known = indexOf.get(key);
  if (known !== undefined) return known;
  const call = layer.inboundNodes[nodeIndex]!;
  if (call.outputTensors.length !== 1)
    throw new Error(
      `Layer ${layer.name} gives ${call.outputTensors.length} tensors; expected one a layer.`,
    );
  const other = standIn(key);
  const isInput = layer.getClassName() === 'InputLayer';
  const inputs =
    other || isInput
      ? []
      : call.inputTensors.map((input) => collect(input, indexOf, nodes, standIn));
  nodes.push(
    other ?? {
      name: layer.name,
      kind: layer.getClassName(),
      layer,
      config: layer.getConfig(),
      inputs,
      shape: fixedShape(layer.name, tensor.shape),
    },
  );
  indexOf.set(key, nodes.length - 1);
  return nodes.length - 1;
}

function fixedShape(name: string, shape: readonly (number | null)[]): number[] {
  return shape.slice(1).map((size) => {
    if (size === null)
      throw new Error(
        `Layer ${name} has the open shape [${shape.join(', ')}]; expected fixed sizes after the batch. ` +
          "Give the network's input a fixed height and width.",
      );
    return size;
  });
}

/** For every node, the indices of the nodes that take its output. */
export function consumersOf(graph: Graph): number[][] {
  const consumers: number[][] = graph.map(() => []);
  graph.forEach((node, i) => {
    for (const input of node.inputs) consumers[input]!.push(i);
  });
  return consumers;
}
