/** One image at every exit, with every number that a formula needs. */
import type { Exit } from '../../core/trace.ts';

/** One step from what the network says of an image to the number that is held against T, with this image's numbers in it. */
export interface Formula {
  /** What is computed: "d̂ = ‖x − c‖ / m = 26.35 / 19.77". */
  readonly says: string;
  /** What that gives; it is printed behind "=". */
  readonly value: number;
  /** The class whose number it is; missing where it is of all. */
  readonly of?: number;
}

/** One image at every exit. Matrices are exit-major: entry j·K + k. */
export interface Explanation {
  readonly exits: readonly Exit[];
  readonly classes: readonly string[];
  /** Raw Euclidean distances to the class means [M, K], Infinity for a class without a mean; null without means. */
  readonly distance: Float32Array | null;
  /** Distances over their training mean, d / m [M, K] (E2CM, eq. 4); null without means. */
  readonly normalised: Float32Array | null;
  /** Probability of each class at each exit [M, K]: of its classifier or branch where it has one, else softmax(−d̂). */
  readonly probability: Float32Array;
  /** The method's label and confidence at each exit [M], by the options of the run. */
  readonly prediction: Uint8Array;
  readonly confidence: Float32Array;
  /** Of two judges, what the one beside the first says [M]. */
  readonly second?: { readonly prediction: Uint8Array; readonly confidence: Float32Array };
  /**
   * How each exit but the last comes to its confidence [M − 1]: the value of the last line is the confidence, every other
   * line is a step towards it.
   */
  readonly lines: readonly (readonly Formula[])[];
  /** The network's own output and its softmax [K of the network]. */
  readonly logits: Float32Array;
  readonly softmax: Float32Array;
}
