/** What is asked of inference that stops, and what it answers. */
import type { Policy } from '../core/policy.ts';
import type { ImageBatch } from './protocol.ts';

export interface Drive {
  readonly batch: ImageBatch;
  /** Number of the judge in the worker; null for the plain network, which asks no exit. */
  readonly judge: number | null;
  /** Who leaves where; with a judge. */
  readonly policy: Policy | null;
  /** How often the same images are sent, for the times. 1 or more. */
  readonly repeats: number;
}

/** B images past M exits and S stages; of the plain network M is 1. */
export interface Driven {
  /** Exit at which image i left [B]. */
  readonly exitOf: Uint8Array;
  /** What each exit said, exit-major [M, B]; 0 where it was not asked. */
  readonly prediction: Uint8Array;
  /** [M, B]; NaN where an image did not come to, or the exit is closed to all and was not asked. */
  readonly confidence: Float32Array;
  /** The same of the judge beside the first; missing where there is one. */
  readonly second?: { readonly prediction: Uint8Array; readonly confidence: Float32Array };
  /** Images for which stage s was run [S]: what was computed and nothing else. */
  readonly ran: Uint32Array;
  /** Milliseconds of each time that the images were sent, preprocessed, until the last one had left [repeats]. */
  readonly milliseconds: Float64Array;
  /**
   * Of that, in each stage of the network [S], and in deciding at each exit [M]: means over the times. A device computes
   * while nobody waits for it; there a stage's time lies in the decision after it.
   */
  readonly inStages: Float64Array;
  readonly inExits: Float64Array;
}
