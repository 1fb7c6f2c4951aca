/** FLOPs of a layer call, by `core/flops`: convolutions and dense layers; everything else counts as free. */
import { convFlops, denseFlops } from '../core/flops.ts';
import type { Graph, GraphNode } from './graph.ts';

type Pair = readonly [number, number];

/** FLOPs of node `index` for one image. */
export function nodeFlops(graph: Graph, index: number): number {
  const node = graph[index]!;
  const input = graph[node.inputs[0] ?? 0]!.shape;
  if (input.length === 3 && node.shape.length === 3) return convolutionFlops(node, input);
  if (node.kind === 'Dense') {
    const positions = product(node.shape.slice(0, -1));
    return positions * denseFlops(input.at(-1)!, node.shape.at(-1)!);
  }
  return 0;
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
    case 'Dense':
      return output[0] * output[1] * denseFlops(input[2]!, node.shape[2]!);
    default:
      return 0;
  }
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}
