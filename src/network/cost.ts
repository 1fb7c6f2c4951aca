/** FLOPs of a layer call, by `core/flops`: convolutions and dense layers; what only moves or bends numbers is free. */
import { convFlops, denseFlops } from '../core/flops.ts';
import type { Graph, GraphNode } from './graph.ts';

type Pair = readonly [number, number];

/** Layers that count as free: they have no products of weights and inputs, or are folded into a layer that has. */
const FREE = new Set(
  ['InputLayer', 'Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ThresholdedReLU', 'Softmax']
    .concat(['BatchNormalization', 'LayerNormalization', 'Rescaling', 'Resizing', 'CenterCrop'])
    .concat(['Dropout', 'SpatialDropout1D', 'SpatialDropout2D', 'AlphaDropout', 'Masking'])
    .concat(['GaussianNoise', 'GaussianDropout', 'Flatten', 'Reshape', 'Permute', 'RepeatVector'])
    .concat(['ZeroPadding2D', 'Cropping2D', 'UpSampling2D', 'Concatenate'])
    .concat(['Add', 'Multiply', 'Average', 'Maximum', 'Minimum'])
    .concat(['MaxPooling1D', 'MaxPooling2D', 'AveragePooling1D', 'AveragePooling2D'])
    .concat(['GlobalAveragePooling1D', 'GlobalAveragePooling2D'])
    .concat(['GlobalMaxPooling1D', 'GlobalMaxPooling2D'])
    // Layers of our own (layers/).
    .concat(['Arithmetic', 'Binary', 'Elementwise', 'Gather', 'Pool2D', 'Reduce', 'Slice']),
);

/**
 * FLOPs of node `index` for one image.
 * @throws Error with a sentence that names the layer when its cost is not known: it is never counted as 0.
 */
export function nodeFlops(graph: Graph, index: number): number {
  const node = graph[index]!;
  if (FREE.has(node.kind)) return 0;
  const input = graph[node.inputs[0] ?? 0]!.shape;
  if (node.kind === 'Dense') {
    const positions = product(node.shape.slice(0, -1));
    return positions * denseFlops(input.at(-1)!, node.shape.at(-1)!);
  }
  if (node.kind === 'Conv1D') {
    const [size] = [node.config.kernelSize as number | readonly number[]].flat() as [number];
    return convFlops([size, 1], input[1]!, node.shape[1]!, [node.shape[0]!, 1]);
  }
  if (input.length === 3 && node.shape.length === 3) return convolutionFlops(node, input);
  throw unknownCost(node);
}

function unknownCost({ name, kind }: GraphNode): Error {
  return new Error(
    `The layer ${name} is of the class ${kind}, whose cost is not known here, so that no FLOPs could be told. Known ` +
      'are convolutions, dense layers, and layers without products: leave it out, or replace it.',
  );
}

function convolutionFlops(node: GraphNode, input: readonly number[]): number {
  const first = node.config.dataFormat === 'channelsFirst';
  const [channelsIn, channelsOut] = first
    ? [input[0]!, node.shape[0]!]
    : [input[2]!, node.shape[2]!];
  const output: Pair = first ? [node.shape[1]!, node.shape[2]!] : [node.shape[0]!, node.shape[1]!];
  const kernel = node.config.kernelSize as Pair;
  switch (node.kind) {
    case 'Conv2D':
      return convFlops(kernel, channelsIn, channelsOut, output);
    case 'GroupedConv2D':
      return convFlops(kernel, channelsIn, channelsOut, output, node.config.groups as number);
    case 'DepthwiseConv2D':
      return convFlops(kernel, channelsIn, channelsOut, output, channelsIn);
    case 'SeparableConv2D': {
      const middle = channelsIn * ((node.config.depthMultiplier as number | undefined) ?? 1);
      return (
        convFlops(kernel, channelsIn, middle, output, channelsIn) +
        convFlops([1, 1], middle, channelsOut, output)
      );
    }
    case 'Conv2DTranspose':
      return convFlops(
        kernel,
        channelsIn,
        channelsOut,
        first ? [input[1]!, input[2]!] : [input[0]!, input[1]!],
      );
    default:
      throw unknownCost(node);
  }
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}
