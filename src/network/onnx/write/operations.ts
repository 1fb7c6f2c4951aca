/** Folded operations as ONNX nodes. Maps are [N, channels, height, width] there, whatever they are here. */
import { product } from '../../cost.ts';
import type { CutOp } from '../../cut.ts';
import type { Activation, Window, Work } from '../../folded.ts';
import type { Attributes, GraphWriter } from './graph.ts';
import { writeLayer } from './layers.ts';

type Weighted = Extract<Work, { kernel: Float32Array }>;

/**
 * Writes operations into a graph.
 * @param values names of the tensors that are there already, by node; those that are made are added.
 * @throws Error with a sentence that names a layer which cannot be written.
 */
export function writeOps(
  graph: GraphWriter,
  ops: readonly CutOp[],
  values: Map<number, string>,
): void {
  for (const op of ops) {
    const inputs = op.inputs.map((input) => values.get(input)!);
    values.set(op.output, writeOp(graph, op, inputs));
  }
}

function writeOp(graph: GraphWriter, op: CutOp, inputs: readonly string[]): string {
  const { work, inputShapes, shape, output } = op;
  const name = `n${output}`;
  const [x] = inputs as [string];
  switch (work.kind) {
    case 'convolution':
    case 'depthwise':
      return activated(graph, writeConvolution(graph, op, work, x), work.activation);
    case 'dense': {
      const weights = graph.floats(`${name}.w`, work.kernel, work.kernelShape);
      const bias = work.bias ?? new Float32Array(shape.at(-1)!);
      const terms = [x, weights, graph.floats(`${name}.b`, bias, [bias.length])];
      return activated(graph, graph.node('Gemm', terms, name), work.activation);
    }
    case 'add': {
      const sum = inputs.reduce((sum, term) => graph.node('Add', [sum, term], name));
      return activated(graph, sum, work.activation);
    }
    case 'activation':
      return activated(graph, x, work.activation);
    case 'maxPool':
      return graph.node('MaxPool', [x], name, {
        kernel_shape: { ints: work.window.size },
        ...windowOf(work.window),
      });
    case 'mean':
      return graph.node('Flatten', [graph.node('GlobalAveragePool', [x], name)], name);
    case 'same':
      return reshaped(graph, x, inputShapes[0]!, shape, name);
    case 'layer':
      return writeLayer(graph, op, work.node, inputs, name);
  }
}

function writeConvolution(
  graph: GraphWriter,
  { inputShapes, output, shape }: CutOp,
  { kind, kernel, kernelShape, bias, window }: Extract<Weighted, { window: Window }>,
  x: string,
): string {
  const [height, width, from, to] = kernelShape as readonly [number, number, number, number];
  // Depthwise kernels are [kh, kw, in, multiplier]: output c·multiplier + m sees input c alone.
  const isDepthwise = kind === 'depthwise';
  const filters = isDepthwise ? from * to : to;
  const turned = outputsFirst(kernel, height * width, isDepthwise ? 1 : from, filters);
  const weights = [filters, isDepthwise ? 1 : from, height, width];
  const terms = [x, graph.floats(`n${output}.w`, turned, weights)];
  if (bias) terms.push(graph.floats(`n${output}.b`, bias, [shape.at(-1)!]));
  return graph.node('Conv', terms, `n${output}`, {
    group: { int: isDepthwise ? inputShapes[0]!.at(-1)! : 1 },
    ...windowOf(window),
    dilations: { ints: window.dilations },
  });
}

/** [taps, in, out] → [out, in, taps]. */
export function outputsFirst(
  kernel: Float32Array,
  taps: number,
  inputs: number,
  outputs: number,
): Float32Array {
  const turned = new Float32Array(kernel.length);
  let at = 0;
  for (let o = 0; o < outputs; o++)
    for (let c = 0; c < inputs; c++)
      for (let tap = 0; tap < taps; tap++) turned[at++] = kernel[(tap * inputs + c) * outputs + o]!;
  return turned;
}

const windowOf = ({ strides, before, after }: Window): Attributes => ({
  strides: { ints: strides },
  pads: { ints: [...before, ...after] },
});

function activated(graph: GraphWriter, x: string, activation: Activation): string {
  if (activation === 'linear') return x;
  if (activation === 'relu') return graph.node('Relu', [x], `${x}.relu`);
  const limits = [graph.float('zero', 0), graph.float('six', 6)];
  return graph.node('Clip', [x, ...limits], `${x}.relu6`);
}

/** The same numbers in the order of [height, width, channels] in another shape. */
export function reshaped(
  graph: GraphWriter,
  x: string,
  from: readonly number[],
  to: readonly number[],
  name: string,
): string {
  if (from.join() === to.join()) return x;
  const isPoint = (shape: readonly number[]) => product(shape) === shape.at(-1);
  let moved = x;
  if (from.length > 1 && !isPoint(from))
    moved = graph.node('Transpose', [moved], name, { perm: { ints: lastFirst(from.length) } });
  if (to.length === 1) return graph.node('Flatten', [moved], name);
  const isMoved = !isPoint(to);
  const sizes = isMoved ? to : [to.at(-1)!, ...to.slice(0, -1)];
  moved = graph.node('Reshape', [moved, graph.ints('shape', [-1, ...sizes])], name);
  if (!isMoved) return moved;
  const last = to.length;
  const perm = { ints: [0, last, ...Array.from({ length: last - 1 }, (_, axis) => axis + 1)] };
  return graph.node('Transpose', [moved], name, { perm });
}

/** [N, channels, …] → [N, …, channels]. */
const lastFirst = (rank: number): number[] => [
  0,
  ...Array.from({ length: rank - 1 }, (_, axis) => axis + 2),
  1,
];

/** Sizes of a map or row of one image as ONNX has them: [height, width, channels] → [channels, height, width]. */
export const sizesFirst = (shape: readonly number[]): readonly number[] =>
  shape.length === 3 ? [shape[2]!, shape[0]!, shape[1]!] : shape;

/** Rows [n, height·width·channels] with each map's channels first, as `Flatten` gives it in ONNX. */
export function channelsFirstRows(rows: Float32Array, shape: readonly number[]): Float32Array {
  const channels = shape.at(-1)!;
  const places = product(shape) / channels;
  if (places === 1) return rows;
  const turned = new Float32Array(rows.length);
  for (let row = 0; row < rows.length; row += places * channels)
    for (let p = 0; p < places; p++)
      for (let c = 0; c < channels; c++)
        turned[row + c * places + p] = rows[row + p * channels + c]!;
  return turned;
}
