/**
 * Graph → as few operations as possible: batch normalisation, bias, ReLU and zero padding disappear
 * into the convolution or dense layer beside them; an addition takes its ReLU along; the softmax that a network ends with
 * is left out, so that its output are logits. Layers that are not known here run as tfjs runs them.
 */
import type { Activation, Folded, Pair, Window, Work } from './folded.ts';
import { consumersOf, type Graph, type GraphNode } from './graph.ts';
import { activationOf, isSoftmax } from './scores.ts';
import { affineOf, foldAffine, weightValues } from './weights.ts';

/**
 * @param kept nodes whose outputs somebody else needs (the ends of stages); nothing is fused across them.
 * @param softmax node whose softmax is left out (see `endingOf`); null for none.
 */
export async function fold(
  graph: Graph,
  kept: ReadonlySet<number>,
  softmax: number | null,
): Promise<Folded[]> {
  const consumers = consumersOf(graph);
  const next = (i: number): number | undefined =>
    kept.has(i) || consumers[i]!.length !== 1 ? undefined : consumers[i]![0];
  const nonNegative = new Set<number>();
  const done = new Set<number>([0]);
  const ops: Folded[] = [];

  for (let i = 1; i < graph.length; i++) {
    if (done.has(i)) continue;
    const chain = await foldAt(graph, i, next, nonNegative, softmax);
    chain.nodes.forEach((node) => done.add(node));
    if (chain.nonNegative) nonNegative.add(chain.op.output);
    ops.push(chain.op);
  }
  return ops;
}

interface Chain {
  op: Folded;
  nodes: number[];
  nonNegative: boolean;
}

async function foldAt(
  graph: Graph,
  start: number,
  next: (i: number) => number | undefined,
  nonNegative: ReadonlySet<number>,
  softmax: number | null,
): Promise<Chain> {
  const ends = softmax === null ? null : graph[softmax]!;
  const nodes = [start];
  let at = start;
  const advance = (to: number) => {
    nodes.push(to);
    at = to;
  };
  const { inputs } = graph[start]!;
  const inputShapes = inputs.map((input) => graph[input]!.shape);
  let padding: Padding | undefined;
  if (graph[start]!.kind === 'ZeroPadding2D' && isChannelsLast(graph[start]!)) {
    const target = next(start);
    if (target !== undefined && takesPadding(graph[target]!, nonNegative.has(inputs[0]!), ends)) {
      padding = graph[start]!.config.padding as Padding;
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
  const finish = (work: Work, positive: boolean): Chain => ({
    op: { inputs, output: at, inputShapes, shape: graph[at]!.shape, work },
    nodes,
    nonNegative: positive,
  });

  if (isWeighted(main, ends)) {
    const own = fusable(main);
    const normalise = own === 'linear' ? follow(isNormalisation) : undefined;
    const activation = own !== 'linear' ? own : fusable(follow(isFusableActivation));
    const kernelRole = main.kind === 'DepthwiseConv2D' ? 'depthwise_kernel' : 'kernel';
    const kernelShape = main.weights.shape(kernelRole)!;
    let kernel = (await weightValues(main, kernelRole))!;
    let bias = await weightValues(main, 'bias');
    if (normalise) ({ kernel, bias } = foldAffine(kernel, bias, await affineOf(normalise)));
    const weighted = { kernel, kernelShape, bias, activation };
    const positive = activation !== 'linear';
    if (main.kind === 'Dense') return finish({ kind: 'dense', ...weighted }, positive);
    const kind = main.kind === 'Conv2D' ? 'convolution' : 'depthwise';
    const window = windowOf(main, kernelShape, inputShapes[0]!, padding);
    return finish({ kind, window, ...weighted }, positive);
  }
  if (main.kind === 'Add') {
    const activation = fusable(follow(isFusableActivation));
    const positive = activation !== 'linear' || inputs.every((input) => nonNegative.has(input));
    return finish({ kind: 'add', activation }, positive);
  }
  if (isFusableActivation(main))
    return finish({ kind: 'activation', activation: fusable(main) }, true);
  const keepsSign = SIGN_KEEPING.has(main.kind) && nonNegative.has(inputs[0]!);
  if (main.kind === 'MaxPooling2D' && isChannelsLast(main)) {
    const window = windowOf(main, main.config.poolSize as Pair, inputShapes[0]!, padding);
    return finish({ kind: 'maxPool', window }, keepsSign);
  }
  if (main.kind === 'Pool2D' && main.config.kind === 'max')
    return finish({ kind: 'maxPool', window: paddedWindow(main) }, nonNegative.has(inputs[0]!));
  if (main.kind === 'GlobalAveragePooling2D' && isChannelsLast(main))
    return finish({ kind: 'mean' }, keepsSign);
  const isSame = ['Dropout', 'Reshape'].includes(main.kind);
  if (isSame || (main.kind === 'Flatten' && isChannelsLast(main)))
    return finish({ kind: 'same' }, keepsSign);
  if (main === ends && isSoftmax(main)) return finish({ kind: 'same' }, false);
  return finish({ kind: 'layer', node: main }, keepsSign);
}

const SIGN_KEEPING = new Set([
  'MaxPooling2D',
  'AveragePooling2D',
  'GlobalAveragePooling2D',
  'Flatten',
  'Reshape',
  'Dropout',
  'ZeroPadding2D',
]);

type Padding = readonly [rows: Pair, columns: Pair];

/** A layer's window, with its padding ("same" and "valid" as TensorFlow has them) or that of a layer before it. */
function windowOf(
  { config }: GraphNode,
  [rows, columns]: readonly number[],
  [height, width]: readonly number[],
  padding: Padding | undefined,
): Window {
  const strides = config.strides as Pair;
  const dilations = (config.dilationRate as Pair | undefined) ?? [1, 1];
  const size: Pair = [rows!, columns!];
  if (padding || config.padding !== 'same') {
    const [[top, bottom], [left, right]] = padding ?? NO_PADDING;
    return { size, strides, dilations, before: [top, left], after: [bottom, right] };
  }
  const total = (length: number, axis: 0 | 1): number => {
    const reach = (Math.ceil(length / strides[axis]) - 1) * strides[axis];
    return Math.max(0, reach + (size[axis] - 1) * dilations[axis] + 1 - length);
  };
  const sums: Pair = [total(height!, 0), total(width!, 1)];
  const before: Pair = [sums[0] >> 1, sums[1] >> 1];
  const after: Pair = [sums[0] - before[0], sums[1] - before[1]];
  return { size, strides, dilations, before, after };
}

/** The window of a pool that has padding of its own. */
function paddedWindow({ config }: GraphNode): Window {
  const { poolSize: size, strides, before, after, beyond } = config as Record<string, Pair>;
  const end = ([0, 1] as const).map((axis) => after![axis] + beyond![axis]);
  return {
    ...{ size: size!, strides: strides!, dilations: [1, 1], before: before! },
    after: [end[0]!, end[1]!],
  };
}

const NO_PADDING: Padding = [
  [0, 0],
  [0, 0],
];

function isWeighted(node: GraphNode, ends: GraphNode | null): boolean {
  if (!hasFusable(node, ends)) return false;
  if (node.kind === 'Dense') return node.shape.length === 1;
  if (node.kind === 'DepthwiseConv2D') return isChannelsLast(node);
  return node.kind === 'Conv2D' && isChannelsLast(node);
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

/** A layer's own activation, or that of an activation layer, as tfjs's fused operations name it. */
function fusable(node: GraphNode | undefined): Activation {
  if (!node) return 'linear';
  if (node.kind === 'ReLU') return node.config.maxValue === 6 ? 'relu6' : 'relu';
  const name = node.config.activation;
  return name === 'relu' || name === 'relu6' ? name : 'linear';
}

/** True when `fusable` says all about the layer's own activation, or that is the softmax which is left out. */
function hasFusable(node: GraphNode, ends: GraphNode | null): boolean {
  const name = activationOf(node);
  return ['linear', 'relu', 'relu6'].includes(name) || (name === 'softmax' && node === ends);
}

function isChannelsLast({ config }: GraphNode): boolean {
  return config.dataFormat !== 'channelsFirst';
}

/** Zeros around a max-pool's input change nothing only where no value is below zero. */
function takesPadding(node: GraphNode, inputNonNegative: boolean, ends: GraphNode | null): boolean {
  if (node.config.padding !== 'valid') return false;
  return node.kind === 'MaxPooling2D'
    ? inputNonNegative && isChannelsLast(node)
    : isWeighted(node, ends);
}
