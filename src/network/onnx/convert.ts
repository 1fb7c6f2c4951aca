/** An ONNX model → a tfjs layers model: topology and weights as any other network's. */
import type { NetworkFiles } from '../files.ts';
import { withLayers } from '../topology.ts';
import { constantOf, type Constant, type ReadExternal } from './constants.ts';
import { CONVOLUTIONS } from './convolutions.ts';
import { ELEMENTWISE } from './elementwise.ts';
import type { OnnxModel, OnnxNode, OnnxValue } from './model.ts';
import { MOVES } from './moves.ts';
import { callersIn, moduleName } from './names.ts';
import type { Convert } from './operation.ts';
import { computedStatically } from './static.ts';
import { asPlain, mapOf, plainly, reshaped, type Computed, type Value } from './value.ts';
import { LayerWriter } from './writer.ts';

const OPERATIONS: Readonly<Record<string, Convert>> = { ...CONVOLUTIONS, ...ELEMENTWISE, ...MOVES };

/** Oldest and newest operation sets whose meaning is known here. */
const OPSETS = [9, 23] as const;

export type Converted = Pick<NetworkFiles, 'topology' | 'weights' | 'data'> & {
  /** Height, width and channels of the images that it takes. */
  readonly input: readonly [height: number, width: number, channels: number];
  /** Numbers in the output of most layers behind it; in each of them, in the order of the file. */
  readonly outputs: readonly number[];
};

/** The size of the images must be known before anything of the network can be. */
export class OpenSizes extends Error {
  /** @param channels of the images; null where they are open too. */
  constructor(
    message: string,
    readonly channels: number | null,
  ) {
    super(message);
  }
}

/**
 * @param size height and width of the images where the file leaves them open; null where nobody said.
 * @param read gives the files in which weights lie beside the model.
 * @throws Error with a sentence that names the node which is not read here, and what to do.
 */
export function convertOnnx(model: OnnxModel, size: number | null, read: ReadExternal): Converted {
  const [oldest, newest] = OPSETS;
  if (model.opset < oldest || model.opset > newest)
    throw new Error(
      `The file was written for operation set ${model.opset}; ${oldest} to ${newest} are read here. ` +
        'Export it with opset_version=17.',
    );
  const writer = new LayerWriter();
  const values = new Map<string, Value>();
  const input = inputOf(model, size);
  const { name, value } = opened(input, writer);
  values.set(name, value);
  const uses = usesIn(model, values);
  const callers = callersIn(model.nodes);
  const constant = (of: string): Value | undefined => {
    const tensor = model.tensors.get(of);
    if (!tensor) return undefined;
    const read_: Value = { kind: 'constant', ...constantOf(tensor, read) };
    values.set(of, read_);
    return read_;
  };
  for (const node of model.nodes) {
    const inputs = node.inputs.map((of): Value | null => {
      if (of === '') return null;
      const known = values.get(of) ?? constant(of);
      if (!known)
        throw new Error(
          `${described(node)} takes ${of}, which nothing gives. The file is damaged.`,
        );
      return known;
    });
    const results = resultsOf(
      node,
      inputs,
      () => ({
        ...{ node, inputs, writer, uses, opset: model.opset },
        name: moduleName(node, callers, model.tensors),
      }),
      read,
    );
    node.outputs.forEach((of, i) => {
      if (of !== '' && results[i]) values.set(of, results[i]);
    });
  }
  const ends = model.outputs.map((of) => ended(of, values.get(of.name), writer));
  const { layers, weights, data } = writer.finish(ends.map(({ layer }) => layer));
  const topology = withLayers(
    {},
    {
      name: 'network',
      layers,
      inputs: [[writer.entry(value.layer)!.name, 0, 0]],
      outputs: ends.map(({ layer }) => [layer, 0, 0]),
    },
  );
  return {
    ...{ topology, weights, data, input: input.shape },
    outputs: ends.map(({ dims }) => dims[0]!),
  };
}

function resultsOf(
  node: OnnxNode,
  inputs: readonly (Value | null)[],
  contextOf: () => Parameters<Convert>[0],
  read: ReadExternal,
): readonly Value[] {
  const { type, domain } = node;
  try {
    if (type === 'Constant') return [{ kind: 'constant', ...literal(node, read) }];
    const given = inputs.filter((input) => input !== null);
    if (given.length > 0 && given.every(({ kind }) => kind === 'constant')) {
      const constants = computedStatically(node, given as readonly Constant[]);
      if (constants) return constants.map((of) => ({ kind: 'constant', ...of }));
    }
    const convert = domain === '' ? OPERATIONS[type] : undefined;
    if (!convert) throw new Error(advice(node));
    const result = convert(contextOf());
    return 'kind' in result ? [result] : result;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${described(node)} cannot be converted: ${why}.`, { cause: error });
  }
}

const described = ({ type, name, outputs }: OnnxNode): string =>
  `The node ${name || outputs[0] || '?'} (${type})`;

function advice({ type, domain, attributes }: OnnxNode): string {
  if (/^Q[A-Z]|Quantize|Integer$/.test(type))
    return 'it is of a quantised network; export the network in float32, before it is quantised';
  if ([...attributes.values()].some(({ hasGraph }) => hasGraph))
    return 'it holds a branch or a loop; export the network in inference mode (model.eval()), traced with one input';
  if (domain !== '')
    return `it is none of ONNX's own operations but of ${domain}; export with ONNX's operations alone`;
  return `the operation is not known here; replace the module in the network by convolutions, pools, dense layers and activations`;
}

function literal(node: OnnxNode, read: ReadExternal): Constant {
  const { attributes } = node;
  const tensor = attributes.get('value')?.tensor;
  if (tensor) return constantOf(tensor, read);
  const float = attributes.get('value_float');
  if (float) return { dims: [], values: Float32Array.of(float.float) };
  const floats = attributes.get('value_floats');
  if (floats) return { dims: [floats.floats.length], values: Float32Array.from(floats.floats) };
  const int = attributes.get('value_int');
  if (int) return { dims: [], values: [int.int] };
  const ints = attributes.get('value_ints');
  if (ints) return { dims: [ints.ints.length], values: ints.ints };
  throw new Error('it holds no numbers');
}

interface Input {
  readonly name: string;
  readonly shape: readonly [number, number, number];
  /** Whether the graph itself counts channels last. */
  readonly isLast: boolean;
}

/** @throws Error with a sentence when there is not exactly one input that images fit, or its size is open. */
function inputOf({ inputs }: OnnxModel, size: number | null): Input {
  const [input] = inputs;
  if (!input || inputs.length !== 1)
    throw new Error(
      `The network has ${inputs.length} inputs (${inputs.map(({ name }) => name).join(', ') || 'none'}); expected one, ` +
        'for images.',
    );
  const { name, dims, type } = input;
  if (type !== 1 && type !== 10 && type !== 0)
    throw new Error(
      `The input ${name} does not take floats; expected images as float32 or float16.`,
    );
  if (dims.length !== 4)
    throw new Error(
      `The input ${name} has the shape [${shown(dims)}]; expected [batch, channels, height, width].`,
    );
  const [, a, b, c] = dims as [number, number, number, number];
  const isLast = [1, 3].includes(c) && ![1, 3].includes(a);
  const [channels, height, width] = isLast ? [c, a, b] : [a, b, c];
  const sides = [height, width].map((side) => (side > 0 ? side : size));
  if (channels < 1 || sides[0] === null || sides[1] === null)
    throw new OpenSizes(
      `The input ${name} has open sizes: [${shown(dims)}]. Say height and width of the images in the card, or export ` +
        'with fixed ones, dynamic_axes for the batch alone.',
      channels > 0 ? channels : null,
    );
  return { name, shape: [sides[0]!, sides[1]!, channels], isLast };
}

const shown = (dims: readonly number[]): string =>
  dims.map((size) => (size > 0 ? size : '?')).join(', ');

function opened(
  { name, shape, isLast }: Input,
  writer: LayerWriter,
): { name: string; value: Computed } {
  const layer = writer.add('InputLayer', 'image', [], {
    ...{ batch_input_shape: [null, ...shape], sparse: false },
  });
  return { name, value: isLast ? plainly(layer, shape) : mapOf(layer, shape) };
}

/** An output as a row of numbers. */
function ended({ name }: OnnxValue, value: Value | undefined, writer: LayerWriter): Computed {
  if (value?.kind !== 'computed')
    throw new Error(
      `The output ${name} does not depend on the image. The file is damaged, or is no classifier.`,
    );
  const row = asPlain(reshaped(value, [value.dims.reduce((a, b) => a * b, 1)]), writer);
  return row;
}

/** How often each layer's output is taken: by nodes, and by whoever takes the network's outputs. */
function usesIn({ nodes, outputs }: OnnxModel, values: ReadonlyMap<string, Value>) {
  const times = new Map<string, number>();
  const names = [...nodes.flatMap((node) => node.inputs), ...outputs.map(({ name }) => name)];
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return (layer: string): number => {
    let sum = 0;
    for (const [name, value] of values)
      if (value.kind === 'computed' && value.layer === layer) sum += times.get(name) ?? 0;
    return sum;
  };
}
