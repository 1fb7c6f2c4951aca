/**
 * Graph → as few tensor operations as possible: batch normalisation, bias, ReLU and zero padding disappear
 * into the convolution or dense layer beside them; an addition takes its ReLU along; a final softmax is left
 * out, so that the network's output are logits. Layers that are not known here run as tfjs runs them.
 */
import * as tf from '@tensorflow/tfjs-core';
import { consumersOf, type Graph, type GraphNode } from './graph.ts';
import { affineOf, foldAffine, weightTensor, weightValues } from './weights.ts';

/** One operation: takes the outputs of some nodes, gives that of `output`. */
export interface Op {
  readonly inputs: readonly number[];
  readonly output: number;
  /** Inside a tidy; the inputs are not disposed of. */
  readonly run: (inputs: tf.Tensor[]) => tf.Tensor;
  /** Tensors that belong to this operation alone. */
  readonly owned: readonly tf.Tensor[];
  /** Nodes whose layers are still needed to run it. */
  readonly layers: readonly GraphNode[];
}

type Fusable = 'linear' | 'relu' | 'relu6';
type Padding =
  'valid' | 'same' | [[number, number], [number, number], [number, number], [number, number]];

/**
 * @param kept nodes whose outputs somebody else needs (the ends of stages); nothing is fused across them.
 */
export async function fold(graph: Graph, kept: ReadonlySet<number>): Promise<Op[]> {
  const consumers = consumersOf(graph);
  const next = (i: number): number | undefined =>
    kept.has(i) || consumers[i]!.length !== 1 ? undefined : consumers[i]![0];
  const nonNegative = new Set<number>();
  const done = new Set<number>([0]);
  const ops: Op[] = [];

  for (let i = 1; i < graph.length; i++) {
    if (done.has(i)) continue;
    const chain = await foldAt(graph, i, next, nonNegative);
    chain.nodes.forEach((node) => done.add(node));
    if (chain.nonNegative) nonNegative.add(chain.op.output);
    ops.push(chain.op);
  }
  return ops;
}

interface Folded {
  op: Op;
  nodes: number[];
  nonNegative: boolean;
}

async function foldAt(
  graph: Graph,
  start: number,
  next: (i: number) => number | undefined,
  nonNegative: ReadonlySet<number>,
): Promise<Folded> {
  const nodes = [start];
  let at = start;
  const advance = (to: number) => {
    nodes.push(to);
    at = to;
  };
  const { inputs } = graph[start]!;
  let padding: Padding | undefined;
  if (graph[start]!.kind === 'ZeroPadding2D' && isChannelsLast(graph[start]!)) {
    const target = next(start);
    if (target !== undefined && takesPadding(graph[target]!, nonNegative.has(inputs[0]!))) {
      padding = explicitPadding(graph[start]!);
      advance(target);
    }
  }
  const main = graph[at]!;
  const follow = (kind: (node: GraphNode) => boolean): GraphNode | undefined => {
    const to = next(at);
    if (to === undefined || !kind(graph[to]!)) return undefined;
    advance(to);
    return graph[to]!;
  };
  const finish = (
    run: Op['run'],
    owned: readonly tf.Tensor[],
    positive: boolean,
    layers: readonly GraphNode[] = [],
  ): Folded => ({ op: { inputs, output: at, run, owned, layers }, nodes, nonNegative: positive });

  if (isWeighted(main)) {
    const own = fusable(main);
    const normalise = own === 'linear' ? follow(isNormalisation) : undefined;
    const activation = own !== 'linear' ? own : fusable(follow(isFusableActivation));
    const kernelRole = main.kind === 'DepthwiseConv2D' ? 'depthwise_kernel' : 'kernel';
    const shape = weightTensor(main, kernelRole)!.shape;
    let kernel = (await weightValues(main, kernelRole))!;
    let bias = await weightValues(main, 'bias');
    if (normalise) ({ kernel, bias } = foldAffine(kernel, bias, await affineOf(normalise)));
    const filter = tf.tensor(kernel, shape);
    const offset = bias && tf.tensor1d(bias);
    const run = weightedOp(main, filter, offset, activation, padding);
    return finish(run, offset ? [filter, offset] : [filter], activation !== 'linear');
  }
  if (main.kind === 'Add') {
    const activation = fusable(follow(isFusableActivation));
    const run: Op['run'] = (terms) => {
      const sum = terms.slice(1).reduce((total, term) => tf.add(total, term), terms[0]!);
      return activation === 'linear' ? sum : activation === 'relu' ? tf.relu(sum) : tf.relu6(sum);
    };
    const positive = activation !== 'linear' || inputs.every((input) => nonNegative.has(input));
    return finish(run, [], positive);
  }
  if (isFusableActivation(main)) {
    const run: Op['run'] = ([x]) => (fusable(main) === 'relu' ? tf.relu(x!) : tf.relu6(x!));
    return finish(run, [], true);
  }
  if (main.kind === 'MaxPooling2D' && isChannelsLast(main)) {
    const { poolSize, strides } = main.config as {
      poolSize: [number, number];
      strides: [number, number];
    };
    const pad = padding ?? (main.config.padding as 'valid' | 'same');
    const run: Op['run'] = ([x]) => tf.maxPool(x as tf.Tensor4D, poolSize, strides, pad);
    return finish(run, [], nonNegative.has(inputs[0]!));
  }
  if (at === graph.length - 1 && isSoftmax(main)) return finish(([x]) => tf.clone(x!), [], false);
  const run: Op['run'] = (tensors) =>
    main.layer.apply(tensors.length === 1 ? tensors[0]! : tensors) as tf.Tensor;
  const keepsSign = SIGN_KEEPING.has(main.kind) && nonNegative.has(inputs[0]!);
  return finish(run, [], keepsSign, [main]);
}

const SIGN_KEEPING = new Set([
  'AveragePooling2D',
  'GlobalAveragePooling2D',
  'Flatten',
  'Dropout',
  'ZeroPadding2D',
]);

function weightedOp(
  { kind, config }: GraphNode,
  filter: tf.Tensor,
  bias: tf.Tensor1D | undefined,
  activation: Fusable,
  padding: Padding | undefined,
): Op['run'] {
  const extra = bias ? { bias, activation } : { activation };
  if (kind === 'Dense')
    return ([x]) => tf.fused.matMul({ a: x as tf.Tensor2D, b: filter as tf.Tensor2D, ...extra });
  const common = {
    strides: config.strides as [number, number],
    // The explicit form works at run time for both; tfjs's types know it for plain convolutions only.
    pad: (padding ?? config.padding) as 'valid' | 'same',
    dilations: (config.dilationRate ?? [1, 1]) as [number, number],
    ...extra,
  };
  return kind === 'Conv2D'
    ? ([x]) => tf.fused.conv2d({ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, ...common })
    : ([x]) =>
        tf.fused.depthwiseConv2d({ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, ...common });
}

function isWeighted(node: GraphNode): boolean {
  if (node.kind === 'Dense') return node.shape.length === 1 && hasFusable(node);
  if (node.kind !== 'Conv2D' && node.kind !== 'DepthwiseConv2D') return false;
  return isChannelsLast(node) && hasFusable(node) && weightTensor(node, 'kernel') !== undefined
    ? true
    : node.kind === 'DepthwiseConv2D' && isChannelsLast(node) && hasFusable(node);
}

function isNormalisation(node: GraphNode): boolean {
  if (node.kind !== 'BatchNormalization') return false;
  const axis = node.config.axis as number;
  return axis === -1 || axis === node.shape.length;
}

function isFusableActivation(node: GraphNode): boolean {
  if (node.kind === 'Activation')
    return ['relu', 'relu6'].includes(node.config.activation as string);
  if (node.kind !== 'ReLU') return false;
  const { maxValue, negativeSlope, threshold } = node.config;
  return (
    !negativeSlope && !threshold && (maxValue === null || maxValue === undefined || maxValue === 6)
  );
}

function isSoftmax(node: GraphNode): boolean {
  return (
    node.kind === 'Softmax' || (node.kind === 'Activation' && node.config.activation === 'softmax')
  );
}

/** A layer's own activation, or that of an activation layer, as tfjs's fused operations name it. */
function fusable(node: GraphNode | undefined): Fusable {
  if (!node) return 'linear';
  if (node.kind === 'ReLU') return node.config.maxValue === 6 ? 'relu6' : 'relu';
  const name = node.config.activation;
  return name === 'relu' || name === 'relu6' ? name : 'linear';
}

/** True when `fusable` says all about the layer's own activation (softmax only ends a network: logits). */
function hasFusable({ config, kind }: GraphNode): boolean {
  const name = config.activation as string | undefined | null;
  return (
    !name || ['linear', 'relu', 'relu6'].includes(name) || (kind === 'Dense' && name === 'softmax')
  );
}

function isChannelsLast({ config }: GraphNode): boolean {
  return config.dataFormat !== 'channelsFirst';
}

/** Zeros around a max-pool's input change nothing only where no value is below zero. */
function takesPadding(node: GraphNode, inputNonNegative: boolean): boolean {
  if (node.config.padding !== 'valid') return false;
  return node.kind === 'MaxPooling2D' ? inputNonNegative && isChannelsLast(node) : isWeighted(node);
}

function explicitPadding(node: GraphNode): Padding {
  const [rows, columns] = node.config.padding as [[number, number], [number, number]];
  return [[0, 0], rows, columns, [0, 0]];
}
