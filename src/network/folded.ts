/** What folding leaves of a graph: few operations with their numbers, for whatever computes them. No tensors. */
import type { GraphNode } from './graph.ts';

export type Activation = 'linear' | 'relu' | 'relu6';
export type Pair = readonly [height: number, width: number];

/** Where a kernel or a pool looks: output (y, x) takes rows y·stride − before … of the input, zeros outside of it. */
export interface Window {
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly before: Pair;
  readonly after: Pair;
}

interface Weighted {
  /** Convolution [kh, kw, in, out], depthwise [kh, kw, in, multiplier], dense [in, out]. */
  readonly kernel: Float32Array;
  readonly kernelShape: readonly number[];
  readonly bias: Float32Array | undefined;
  readonly activation: Activation;
}

export type Work =
  | ({ readonly kind: 'convolution' | 'depthwise'; readonly window: Window } & Weighted)
  | ({ readonly kind: 'dense' } & Weighted)
  | { readonly kind: 'add'; readonly activation: Activation }
  | { readonly kind: 'activation'; readonly activation: Activation }
  | { readonly kind: 'maxPool'; readonly window: Window }
  /** The mean over the whole map, a channel at a time. */
  | { readonly kind: 'mean' }
  /** The same numbers in the same order, perhaps as one row. */
  | { readonly kind: 'same' }
  /** A layer that is not known here, run as tfjs runs it. */
  | { readonly kind: 'layer'; readonly node: GraphNode };

/** One operation on the outputs of some nodes. Shapes are of one image: [height, width, channels] or [numbers]. */
export interface Folded {
  readonly inputs: readonly number[];
  readonly output: number;
  readonly inputShapes: readonly (readonly number[])[];
  readonly shape: readonly number[];
  readonly work: Work;
}
