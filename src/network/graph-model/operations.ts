/**
 * TensorFlow's operations in ONNX's: maps are turned to channels first before what looks at windows and back behind it,
 * which costs no layer (see onnx/value.ts).
 */
import { listOf } from '../onnx/constants.ts';
import type { GraphWriter } from './graph.ts';
import {
  floatOf,
  intOf,
  intsOf,
  isSet,
  textOf,
  textsOf,
  typeOf,
  type GraphDefNode,
} from './nodes.ts';

export interface Translating {
  readonly node: GraphDefNode;
  readonly graph: GraphWriter;
  /** Whether no other node takes what that name stands for. */
  readonly isOnlyUse: (name: string) => boolean;
}

type Translate = (of: Translating) => void;

const LARGE = 2 ** 31 - 1;

const input = ({ node }: Translating, at: number): string => {
  const name = node.inputs[at];
  if (name === undefined) throw new Error(`its input ${at} is missing`);
  return name;
};

const isFirst = (node: GraphDefNode): boolean =>
  textOf(node, 'data_format', 'NHWC').startsWith('NC');

/** Runs a node that looks at windows between the turns of its map. */
function overMap(
  of: Translating,
  output: string,
  type: string,
  others: readonly string[],
  attributes: Parameters<GraphWriter['add']>[3],
): void {
  const { node, graph } = of;
  if (isFirst(node)) {
    graph.add(type, [input(of, 0), ...others], output, attributes);
    if (others.length === 1) graph.takesBias(output, 0);
    return;
  }
  const map = graph.first(input(of, 0));
  graph.last(graph.add(type, [map, ...others], `${output}/map`, attributes), output);
  if (others.length === 1) graph.takesBias(output, 1);
}

/** Rows and columns of a list that has a number for every axis of the map. */
function sides(node: GraphDefNode, name: string): number[] {
  const all = intsOf(node, name);
  if (all.length === 0) return [1, 1];
  return isFirst(node) ? [all[2]!, all[3]!] : [all[1]!, all[2]!];
}

function padding(node: GraphDefNode): Record<string, string | number[]> {
  const kind = textOf(node, 'padding', 'VALID');
  if (kind === 'SAME') return { auto_pad: 'SAME_UPPER' };
  if (kind !== 'EXPLICIT') return { auto_pad: 'VALID' };
  const all = intsOf(node, 'explicit_paddings');
  const at = isFirst(node) ? 4 : 2;
  return { pads: [all[at]!, all[at + 2]!, all[at + 1]!, all[at + 3]!] };
}

const convolution =
  (isDepthwise: boolean) =>
  (of: Translating, output: string): void => {
    const { node, graph } = of;
    const weights = graph.weights(input(of, 1));
    if (!weights)
      throw new Error('its weights are computed from the image, not numbers of the file');
    const [rows, columns, channels] = weights.dims as [number, number, number, number];
    const kernel = graph.add('Transpose', [weights.name], `${output}/kernel`, {
      perm: isDepthwise ? [2, 3, 0, 1] : [3, 2, 0, 1],
    });
    const shared = {
      strides: sides(node, 'strides'),
      dilations: sides(node, 'dilations'),
      ...padding(node),
    };
    if (!isDepthwise) return overMap(of, output, 'Conv', [kernel], shared);
    const sizes = constantInts(graph, `${output}/sizes`, [-1, 1, rows, columns]);
    const flat = graph.add('Reshape', [kernel, sizes], `${output}/depthwise`);
    overMap(of, output, 'Conv', [flat], { ...shared, group: channels });
  };

/** A list of whole numbers as an input. */
function constantInts(graph: GraphWriter, output: string, ints: readonly number[]): string {
  return graph.add('Constant', [], output, { value_ints: ints });
}

function product(of: Translating, output: string): void {
  const { node, graph } = of;
  const weights = graph.weights(input(of, 1));
  const isTurned = isSet(node, 'transpose_b');
  if (isSet(node, 'transpose_a')) throw new Error('its input is transposed');
  if (!weights || weights.dims.length !== 2) {
    if (isTurned) throw new Error('both of its factors are computed, and one is transposed');
    graph.add('MatMul', [input(of, 0), input(of, 1)], output);
    return;
  }
  graph.add('Gemm', [input(of, 0), weights.name], output, { transB: isTurned ? 1 : 0 });
  graph.takesBias(output, 0);
}

function normalisation(
  of: Translating,
  output: string,
  map: string,
  weights: readonly string[],
): void {
  const { node, graph } = of;
  const epsilon = floatOf(node, 'epsilon', 1e-4);
  if (isFirst(node)) {
    graph.add('BatchNormalization', [map, ...weights], output, { epsilon });
    return;
  }
  const inside = graph.add('BatchNormalization', [graph.first(map), ...weights], `${output}/map`, {
    epsilon,
  });
  graph.last(inside, output);
}

function addBias(of: Translating, from: string, bias: string, output: string): void {
  const { node, graph, isOnlyUse } = of;
  if (isOnlyUse(from) && graph.addBias(from, bias)) {
    graph.add('Identity', [from], output);
    return;
  }
  if (!isFirst(node)) {
    graph.add('Add', [from, bias], output);
    return;
  }
  const axes = constantInts(graph, `${output}/axes`, [1, 2]);
  graph.add('Add', [from, graph.add('Unsqueeze', [bias, axes], `${output}/bias`)], output);
}

/** What an activation is called among fused operations. */
const ACTIVATIONS: Readonly<Record<string, (of: Translating, from: string, to: string) => void>> = {
  Relu: ({ graph }, from, to) => void graph.add('Relu', [from], to),
  Relu6: ({ graph }, from, to) => void graph.add('Clip', [from], to, { min: 0, max: 6 }),
  Elu: ({ graph }, from, to) => void graph.add('Elu', [from], to, { alpha: 1 }),
  Sigmoid: ({ graph }, from, to) => void graph.add('Sigmoid', [from], to),
  Tanh: ({ graph }, from, to) => void graph.add('Tanh', [from], to),
  LeakyRelu: ({ node, graph }, from, to) =>
    void graph.add('LeakyRelu', [from], to, {
      alpha: floatOf(node, 'leakyrelu_alpha', floatOf(node, 'alpha', 0.2)),
    }),
};

/** An operation with what the converter has fused into it: biases, a normalisation, an activation. */
const fused =
  (begin: (of: Translating, output: string) => void): Translate =>
  (of) => {
    const { node, graph } = of;
    const parts = textsOf(node, 'fused_ops');
    const args = node.inputs.slice(2);
    const nameOf = (part: number): string =>
      part === parts.length ? node.name : `${node.name}/fused${part}`;
    begin(of, nameOf(0));
    // Between them nobody else looks.
    const inside: Translating = { ...of, isOnlyUse: () => true };
    parts.forEach((part, i) => {
      const [from, to] = [nameOf(i), nameOf(i + 1)];
      const activation = ACTIVATIONS[part];
      if (part === 'BiasAdd') addBias(inside, from, args.shift() ?? '', to);
      else if (part === 'FusedBatchNorm') normalisation(inside, to, from, args.splice(0, 4));
      else if (part === 'Prelu') graph.add('PRelu', [from, args.shift() ?? ''], to);
      else if (activation) activation(inside, from, to);
      else throw new Error(`“${part}” is fused into it, which is not read here`);
    });
  };

const pool =
  (type: string): Translate =>
  (of) =>
    overMap(of, of.node.name, type, [], {
      kernel_shape: sides(of.node, 'ksize'),
      strides: sides(of.node, 'strides'),
      ...padding(of.node),
    });

const reduction =
  (type: string): Translate =>
  (of) => {
    const { node, graph } = of;
    const axes = listOf(graph.numbers(node.inputs[1], 'axes'));
    const keepdims = isSet(node, 'keep_dims') ? 1 : 0;
    // Over rows and columns of a map.
    if (axes.length === 2 && [...axes].sort().join() === '1,2') {
      const mean = { axes: [2, 3], keepdims };
      if (keepdims === 0) graph.add(type, [graph.first(input(of, 0))], node.name, mean);
      else
        graph.last(
          graph.add(type, [graph.first(input(of, 0))], `${node.name}/map`, mean),
          node.name,
        );
      return;
    }
    graph.add(type, [input(of, 0)], node.name, { axes, keepdims });
  };

const plain =
  (
    type: string,
    attributes: (of: Translating) => Parameters<GraphWriter['add']>[3] = () => ({}),
  ): Translate =>
  (of) =>
    void of.graph.add(type, of.node.inputs, of.node.name, attributes(of));

const activation =
  (name: string): Translate =>
  (of) =>
    ACTIVATIONS[name]!(of, input(of, 0), of.node.name);

const sum: Translate = (of) => {
  const { node, graph } = of;
  const [a, b] = [input(of, 0), input(of, 1)];
  const bias = graph.weights(b);
  if (bias?.dims.length === 1 && of.isOnlyUse(a) && graph.addBias(a, b))
    graph.add('Identity', [a], node.name);
  else graph.add('Add', [a, b], node.name);
};

const pad: Translate = (of) => {
  const { node, graph } = of;
  if (node.op === 'MirrorPad') throw new Error('padding by mirroring is not read here; zeros are');
  const by = listOf(graph.numbers(node.inputs[1], 'paddings'));
  if (by.length !== 8) throw new Error('only rows and columns of a map can be padded here');
  const value =
    node.inputs[2] === undefined ? 0 : graph.numbers(node.inputs[2], 'value').values[0]!;
  if (value !== 0) throw new Error(`padding with ${value} is not read here; zeros are`);
  const pads = [0, 3, 1, 2].map((axis) => by[2 * axis]!);
  const ends = [0, 3, 1, 2].map((axis) => by[2 * axis + 1]!);
  const map = graph.add('Pad', [graph.first(input(of, 0))], `${node.name}/map`, {
    pads: [...pads, ...ends],
  });
  graph.last(map, node.name);
};

const stridedSlice: Translate = (of) => {
  const { node, graph } = of;
  if (['ellipsis_mask', 'new_axis_mask'].some((name) => intOf(node, name, 0) !== 0))
    throw new Error('it adds axes while it cuts, which is not read here');
  const [begin, end, steps] = [1, 2, 3].map((at) =>
    listOf(graph.numbers(node.inputs[at], 'bounds')),
  );
  const has = (name: string, axis: number): boolean => ((intOf(node, name, 0) >> axis) & 1) === 1;
  const isShrunk = (axis: number): boolean => has('shrink_axis_mask', axis);
  const starts = begin!.map((at, axis) => (has('begin_mask', axis) ? 0 : at));
  const ends = end!.map((at, axis) => {
    if (isShrunk(axis)) return begin![axis] === -1 ? LARGE : begin![axis]! + 1;
    return has('end_mask', axis) ? LARGE : at;
  });
  const shrunk = begin!.flatMap((_, axis) => (isShrunk(axis) ? [axis] : []));
  const whole = shrunk.length === 0 ? node.name : `${node.name}/whole`;
  const bounds = [starts, ends, begin!.map((_, axis) => axis), steps!].map((ints, i) =>
    constantInts(graph, `${node.name}/bound${i}`, ints),
  );
  graph.add('Slice', [input(of, 0), ...bounds], whole);
  if (shrunk.length > 0) graph.add('Squeeze', [whole], node.name, { axes: shrunk });
};

const pack: Translate = ({ node, graph }) => {
  const axis = intOf(node, 'axis', 0);
  const parts = node.inputs.map((from, i) =>
    graph.add('Unsqueeze', [from], `${node.name}/part${i}`, { axes: [axis] }),
  );
  graph.add('Concat', parts, node.name, { axis });
};

const concat: Translate = ({ node, graph }) => {
  const parts = node.inputs.slice(0, -1);
  const [axis] = listOf(graph.numbers(node.inputs.at(-1), 'axis'));
  graph.add('Concat', parts, node.name, { axis: axis! });
};

const split: Translate = (of) => {
  const { node, graph } = of;
  const isSized = node.op === 'SplitV';
  const [axis] = listOf(graph.numbers(node.inputs[isSized ? 2 : 0], 'axis'));
  const count = intOf(node, 'num_split', 1);
  const outputs = Array.from({ length: count }, (_, i) =>
    i === 0 ? node.name : `${node.name}:${i}`,
  );
  const sizes = isSized ? { split: listOf(graph.numbers(node.inputs[1], 'sizes')) } : {};
  graph.add('Split', [input(of, isSized ? 0 : 1)], node.name, { axis: axis!, ...sizes }, outputs);
};

const same: Translate = (of) => {
  of.graph.alias(of.node.name, input(of, 0));
  of.graph.add('Identity', [input(of, 0)], of.node.name);
};

const CASTS: Readonly<Record<string, number>> = {
  DT_FLOAT: 1,
  DT_INT32: 6,
  DT_INT64: 7,
  DT_BOOL: 9,
};

export const OPERATIONS: Readonly<Record<string, Translate>> = {
  Conv2D: (of) => convolution(false)(of, of.node.name),
  DepthwiseConv2dNative: (of) => convolution(true)(of, of.node.name),
  _FusedConv2D: fused(convolution(false)),
  FusedConv2D: fused(convolution(false)),
  FusedDepthwiseConv2dNative: fused(convolution(true)),
  _FusedDepthwiseConv2dNative: fused(convolution(true)),
  MatMul: (of) => product(of, of.node.name),
  BatchMatMulV2: plain('MatMul'),
  _FusedMatMul: fused(product),
  FusedMatMul: fused(product),
  BiasAdd: (of) => addBias(of, input(of, 0), input(of, 1), of.node.name),
  FusedBatchNorm: (of) => normalisation(of, of.node.name, input(of, 0), of.node.inputs.slice(1, 5)),
  FusedBatchNormV2: (of) =>
    normalisation(of, of.node.name, input(of, 0), of.node.inputs.slice(1, 5)),
  FusedBatchNormV3: (of) =>
    normalisation(of, of.node.name, input(of, 0), of.node.inputs.slice(1, 5)),
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  Mean: reduction('ReduceMean'),
  Sum: reduction('ReduceSum'),
  Max: reduction('ReduceMax'),
  Prod: ({ node, graph }) => void graph.add('ReduceProd', node.inputs.slice(0, 1), node.name),
  Add: sum,
  AddV2: sum,
  AddN: plain('Sum'),
  Sub: plain('Sub'),
  Mul: plain('Mul'),
  RealDiv: plain('Div'),
  Div: plain('Div'),
  Maximum: plain('Max'),
  Minimum: plain('Min'),
  Pow: plain('Pow'),
  Square: (of) => void of.graph.add('Mul', [input(of, 0), input(of, 0)], of.node.name),
  Rsqrt: (of) => {
    const root = of.graph.add('Sqrt', [input(of, 0)], `${of.node.name}/root`);
    of.graph.add('Reciprocal', [root], of.node.name);
  },
  ...Object.fromEntries(
    ['Sqrt', 'Exp', 'Log', 'Neg', 'Abs', 'Erf', 'Reciprocal', 'Softplus', 'Softsign', 'Selu'].map(
      (type) => [type, plain(type)],
    ),
  ),
  Relu: activation('Relu'),
  Relu6: activation('Relu6'),
  Elu: activation('Elu'),
  Sigmoid: activation('Sigmoid'),
  Tanh: activation('Tanh'),
  LeakyRelu: activation('LeakyRelu'),
  Prelu: plain('PRelu'),
  Softmax: plain('Softmax', () => ({ axis: -1 })),
  LogSoftmax: plain('LogSoftmax', () => ({ axis: -1 })),
  Reshape: plain('Reshape'),
  Squeeze: (of) => {
    const axes = intsOf(of.node, 'squeeze_dims');
    of.graph.add('Squeeze', [input(of, 0)], of.node.name, axes.length > 0 ? { axes } : {});
  },
  ExpandDims: (of) => {
    const axes = listOf(of.graph.numbers(of.node.inputs[1], 'axis'));
    of.graph.add('Unsqueeze', [input(of, 0)], of.node.name, { axes });
  },
  Transpose: (of) => {
    const perm = listOf(of.graph.numbers(of.node.inputs[1], 'axes'));
    of.graph.add('Transpose', [input(of, 0)], of.node.name, { perm });
  },
  Pad: pad,
  PadV2: pad,
  MirrorPad: pad,
  ConcatV2: concat,
  Pack: pack,
  Split: split,
  SplitV: split,
  StridedSlice: stridedSlice,
  Shape: plain('Shape'),
  Cast: plain('Cast', ({ node }) => ({ to: CASTS[typeOf(node, 'DstT')] ?? 1 })),
  Identity: same,
  StopGradient: same,
  PreventGradient: same,
  Snapshot: same,
};
