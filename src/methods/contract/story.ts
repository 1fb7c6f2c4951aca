/** One image at every exit, with every number that a formula needs. */
import type { Exit } from '../../core/trace.ts';

/** One image at every exit. Matrices are exit-major: entry j·K + k. */
export interface Explanation {
  readonly exits: readonly Exit[];
  readonly classes: readonly string[];
  /** Raw Euclidean distances to the class means [M, K], Infinity for a class without a mean; null without means. */
  readonly distance: Float32Array | null;
  /** Distances over their training mean, d / m [M, K] (E2CM, eq. 4); null without means. */
  readonly normalised: Float32Array | null;
  /** Probability of each class at each exit [M, K], as the method has it. */
  readonly probability: Float32Array;
  /** The method's label and confidence at each exit [M], by the options of the run. */
  readonly prediction: Uint8Array;
  readonly confidence: Float32Array;
  /** The network's own output and its softmax [K of the network]. */
  readonly logits: Float32Array;
  readonly softmax: Float32Array;
}
