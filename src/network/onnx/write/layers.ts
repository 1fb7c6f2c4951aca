/** Layers that folding left as they were, as ONNX nodes. */
import type { CutOp } from '../../cut.ts';
import type { GraphNode } from '../../graph.ts';
import type { GraphWriter } from './graph.ts';
import { outputsFirst } from './operations.ts';

type Pair = readonly [number, number];

/** What the writing of a layer is given. */
interface Given {
  readonly graph: GraphWriter;
  readonly node: GraphNode;
  readonly op: CutOp;
  readonly inputs: readonly string[];
  readonly name: string;
}

/** Functions of one number: activations, and those of `layers/arithmetic.ts`. */
const FUNCTIONS: Readonly<Record<string, (graph: GraphWriter, x: string, name: string) => string>> =
  {
    linear: (_, x) => x,
    relu: (graph, x, name) => graph.node('Relu', [x], name),
    sigmoid: (graph, x, name) => graph.node('Sigmoid', [x], name),
    tanh: (graph, x, name) => graph.node('Tanh', [x], name),
    softplus: (graph, x, name) => graph.node('Softplus', [x], name),
    softsign: (graph, x, name) => graph.node('Softsign', [x], name),
    elu: (graph, x, name) => graph.node('Elu', [x], name),
    selu: (graph, x, name) => graph.node('Selu', [x], name),
    swish: (graph, x, name) => graph.node('Mul', [x, graph.node('Sigmoid', [x], name)], name),
    mish: (graph, x, name) =>
      graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x], name)], name)], name),
    gelu: (graph, x, name) => {
      const scaled = graph.node('Mul', [x, graph.float('root', Math.SQRT1_2)], name);
      const raised = graph.node(
        'Add',
        [graph.node('Erf', [scaled], name), graph.float('one', 1)],
        name,
      );
      const half = graph.node('Mul', [x, graph.float('half', 0.5)], name);
      return graph.node('Mul', [half, raised], name);
    },
    erf: (graph, x, name) => graph.node('Erf', [x], name),
    exp: (graph, x, name) => graph.node('Exp', [x], name),
    log: (graph, x, name) => graph.node('Log', [x], name),
    sqrt: (graph, x, name) => graph.node('Sqrt', [x], name),
    reciprocal: (graph, x, name) => graph.node('Reciprocal', [x], name),
    negative: (graph, x, name) => graph.node('Neg', [x], name),
    absolute: (graph, x, name) => graph.node('Abs', [x], name),
    hardSwish: (graph, x, name) =>
      graph.node('Mul', [x, hardSigmoid(graph, x, 1 / 6, 0.5, name)], name),
    hardSigmoid: (graph, x, name) => hardSigmoid(graph, x, 0.2, 0.5, name),
  };

const hardSigmoid = (graph: GraphWriter, x: string, alpha: number, beta: number, name: string) =>
  graph.node('HardSigmoid', [x], name, { alpha: { float: alpha }, beta: { float: beta } });

const OPERATIONS: Readonly<Record<string, string>> = {
  ...{ add: 'Add', subtract: 'Sub', multiply: 'Mul', divide: 'Div' },
  ...{ power: 'Pow', maximum: 'Max', minimum: 'Min' },
};

/** Keras's class → nodes. */
const LAYERS: Readonly<Record<string, (given: Given) => string | null>> = {
  Activation: ({ graph, node, inputs, name }) =>
    FUNCTIONS[String(node.config.activation)]?.(graph, inputs[0]!, name) ??
    softmaxed(graph, node, inputs[0]!, name),
  Softmax: ({ graph, node, inputs, name }) => softmaxed(graph, node, inputs[0]!, name),
  LeakyReLU: ({ graph, node, inputs, name }) =>
    graph.node('LeakyRelu', inputs, name, { alpha: { float: node.config.alpha as number } }),
  ELU: ({ graph, node, inputs, name }) =>
    graph.node('Elu', inputs, name, { alpha: { float: node.config.alpha as number } }),
  BatchNormalization: ({ graph, node, op, inputs, name }) => {
    const { gamma, beta, moving_mean: mean, moving_variance: variance } = op.numbers!;
    const size = variance!.values.length;
    const filled = (value: number) => new Float32Array(size).fill(value);
    const constants = [
      gamma?.values ?? filled(1),
      beta?.values ?? filled(0),
      mean!.values,
      variance!.values,
    ];
    const names = constants.map((values, i) => graph.floats(`${name}.bn${i}`, values, [size]));
    return graph.node('BatchNormalization', [...inputs, ...names], name, {
      epsilon: { float: node.config.epsilon as number },
    });
  },
  ZeroPadding2D: ({ graph, node, inputs, name }) => {
    const [[top, bottom], [left, right]] = node.config.padding as [Pair, Pair];
    const pads = graph.ints(`${name}.pads`, [0, 0, top, left, 0, 0, bottom, right]);
    return graph.node('Pad', [...inputs, pads, graph.float('zero', 0)], name);
  },
  AveragePooling2D: ({ graph, node, op, inputs, name }) => {
    const { poolSize, strides, padding } = node.config as {
      poolSize: Pair;
      strides: Pair;
      padding: string;
    };
    return graph.node('AveragePool', inputs, name, {
      kernel_shape: { ints: poolSize },
      strides: { ints: strides },
      ...(padding === 'same' && { pads: { ints: samePads(op, poolSize, strides) } }),
    });
  },
  Pool2D: ({ graph, node, inputs, name }) => {
    const config = node.config as Record<
      'poolSize' | 'strides' | 'before' | 'after' | 'beyond',
      Pair
    >;
    // What only rounding up adds counts for nothing in Keras's sense; ONNX's own rounding says it otherwise.
    if (config.beyond.some((by) => by > 0)) return null;
    return graph.node('AveragePool', inputs, name, {
      kernel_shape: { ints: config.poolSize },
      strides: { ints: config.strides },
      pads: { ints: [...config.before, ...config.after] },
      count_include_pad: { int: node.config.countsPadding === true ? 1 : 0 },
    });
  },
  GlobalAveragePooling2D: (given) => global('GlobalAveragePool', given),
  GlobalMaxPooling2D: (given) => global('GlobalMaxPool', given),
  Concatenate: ({ graph, inputs, name }) =>
    graph.node('Concat', inputs, name, { axis: { int: 1 } }),
  Multiply: (given) => folded('Mul', given),
  Maximum: ({ graph, inputs, name }) => graph.node('Max', inputs, name),
  Minimum: ({ graph, inputs, name }) => graph.node('Min', inputs, name),
  Average: ({ graph, inputs, name }) => graph.node('Mean', inputs, name),
  Subtract: ({ graph, inputs, name }) => graph.node('Sub', inputs, name),
  SpatialDropout2D: ({ inputs }) => inputs[0]!,
  GaussianNoise: ({ inputs }) => inputs[0]!,
  UpSampling2D: ({ graph, node, inputs, name }) => {
    const [rows, columns] = node.config.size as Pair;
    const none = graph.floats('none', new Float32Array(0), [0]);
    const scales = graph.floats(`${name}.scales`, Float32Array.of(1, 1, rows, columns), [4]);
    return graph.node('Resize', [...inputs, none, scales], name, {
      mode: { text: 'nearest' },
      nearest_mode: { text: 'floor' },
      coordinate_transformation_mode: { text: 'asymmetric' },
    });
  },
  GroupedConv2D: ({ graph, node, op, inputs, name }) => {
    const { kernelSize, strides, dilationRate, groups } = node.config as {
      kernelSize: Pair;
      strides: Pair;
      dilationRate: Pair;
      groups: number;
    };
    const { kernel, bias } = op.numbers!;
    const [, , per, filters] = kernel!.shape as [number, number, number, number];
    const taps = kernelSize[0] * kernelSize[1];
    const turned = outputsFirst(kernel!.values, taps, per, filters);
    const terms = [...inputs, graph.floats(`${name}.w`, turned, [filters, per, ...kernelSize])];
    if (bias) terms.push(graph.floats(`${name}.b`, bias.values, [filters]));
    return graph.node('Conv', terms, name, {
      group: { int: groups },
      strides: { ints: strides },
      dilations: { ints: dilationRate },
    });
  },
  Elementwise: ({ graph, node, inputs, name }) => {
    const {
      function: of,
      alpha,
      beta,
    } = node.config as { function: string; alpha: number; beta: number };
    if (of === 'hardSigmoid') return hardSigmoid(graph, inputs[0]!, alpha, beta, name);
    if (of === 'affine') {
      const scaled = graph.node('Mul', [inputs[0]!, graph.float('scale', alpha)], `${name}.scaled`);
      return graph.node('Add', [scaled, graph.float('offset', beta)], name);
    }
    if (of === 'clip') {
      const limits = [graph.float('least', alpha), graph.float('most', beta)];
      return graph.node('Clip', [...inputs, ...limits], name);
    }
    if (of === 'power') return graph.node('Pow', [...inputs, graph.float('power', alpha)], name);
    return FUNCTIONS[of]?.(graph, inputs[0]!, name) ?? null;
  },
  Arithmetic: ({ graph, node, op, inputs, name }) => {
    const { shape, values } = op.numbers!.constant!;
    // One number, or one a channel: those of whole maps would have to be turned.
    const channels = shape.at(-1) ?? 1;
    if (values.length !== channels) return null;
    const isMap = op.shape.length === 3;
    const sizes = values.length === 1 ? [] : isMap ? [channels, 1, 1] : [channels];
    const constant = graph.floats(`${name}.c`, values, sizes);
    const terms = node.config.reversed === true ? [constant, inputs[0]!] : [inputs[0]!, constant];
    return graph.node(OPERATIONS[node.config.operation as string]!, terms, name);
  },
  Binary: ({ graph, node, inputs, name }) =>
    graph.node(OPERATIONS[node.config.operation as string]!, inputs, name),
  Gather: ({ graph, node, inputs, name }) => {
    if (node.config.shape) return null;
    const places = graph.ints(`${name}.places`, node.config.places as number[]);
    return graph.node('Gather', [...inputs, places], name, { axis: { int: 1 } });
  },
  Reduce: ({ graph, node, op, inputs, name }) => {
    const { kind, axes } = node.config as { kind: 'mean' | 'sum' | 'max'; axes: readonly number[] };
    const rank = op.inputShapes[0]!.length;
    const own = axes.map((axis) => (axis === rank - 1 ? 1 : axis + 2));
    if (kind === 'sum')
      return graph.node('ReduceSum', [...inputs, graph.ints(`${name}.axes`, own)], name);
    return graph.node(kind === 'mean' ? 'ReduceMean' : 'ReduceMax', inputs, name, {
      axes: { ints: own },
    });
  },
};

/** @throws Error with a sentence that names a layer for which there are no nodes here. */
export function writeLayer(
  graph: GraphWriter,
  op: CutOp,
  node: GraphNode,
  inputs: readonly string[],
  name: string,
): string {
  const isKnownShape = op.shape.length === 1 || op.shape.length === 3;
  const isLast = node.config.dataFormat !== 'channelsFirst';
  const written =
    isKnownShape && isLast ? LAYERS[node.kind]?.({ graph, node, op, inputs, name }) : null;
  if (written) return written;
  throw new Error(
    `The layer ${node.name} (${node.kind}) cannot be written as ONNX here. What can: convolutions, dense layers, pools, ` +
      'sums and products, the usual activations; a network with others can be traced but not exported.',
  );
}

function softmaxed(graph: GraphWriter, node: GraphNode, x: string, name: string): string | null {
  const isSoftmax = node.kind === 'Softmax' || node.config.activation === 'softmax';
  // Channels are the second axis, of maps as of rows.
  return isSoftmax ? graph.node('Softmax', [x], name, { axis: { int: 1 } }) : null;
}

function global(kind: string, { graph, op, inputs, name }: Given): string {
  const pooled = graph.node(kind, inputs, name);
  return op.shape.length === 1 ? graph.node('Flatten', [pooled], name) : pooled;
}

const folded = (kind: string, { graph, inputs, name }: Given): string =>
  inputs.reduce((product, factor) => graph.node(kind, [product, factor], name));

/** TensorFlow's "same": the odd row or column goes to the end. */
function samePads({ inputShapes }: CutOp, size: Pair, strides: Pair): number[] {
  const totals = ([0, 1] as const).map((axis) => {
    const length = inputShapes[0]![axis]!;
    return Math.max(
      0,
      (Math.ceil(length / strides[axis]) - 1) * strides[axis] + size[axis] - length,
    );
  });
  return [...totals.map((total) => total >> 1), ...totals.map((total) => total - (total >> 1))];
}
