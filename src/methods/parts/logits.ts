/** One image past classifiers or branches: what is told of their logits. */
import type { Exit } from '../../core/trace.ts';
import type { Explanation, Formula } from '../contract/story.ts';
import type { Decisions } from '../run/stream.ts';
import { linesOf } from './lines.ts';
import { softmax } from './softmax.ts';

/**
 * @param logits float32 [M, K], the network's own last.
 * @param decide labels and confidences of the image.
 * @param lines of an exit, from its row of logits [K].
 */
export function explainLogits(
  { exits, classes }: { readonly exits: readonly Exit[]; readonly classes: readonly string[] },
  logits: Float32Array,
  decide: (out: Decisions) => void,
  lines: (row: Float32Array, exit: number) => readonly Formula[],
): Explanation {
  const k = classes.length;
  const probability = new Float32Array(logits.length);
  for (let j = 0; j < exits.length; j++) softmax(rowOf(logits, j, k), 1, rowOf(probability, j, k));
  const prediction = new Uint8Array(exits.length);
  const confidence = new Float32Array(exits.length);
  decide({ prediction, confidence, stride: 1 });
  const last = logits.length - k;
  return {
    exits,
    classes,
    distance: null,
    normalised: null,
    probability,
    prediction,
    confidence,
    lines: linesOf(exits.length, (j) => lines(rowOf(logits, j, k), j)),
    logits: logits.slice(last),
    softmax: probability.slice(last),
  };
}

/** Row j of a matrix [M, K]. */
export const rowOf = (of: Float32Array, j: number, k: number): Float32Array =>
  of.subarray(j * k, (j + 1) * k);

/** The class of the greatest of K logits from `at` on. */
export function argmax(logits: Float32Array, at: number, k: number): number {
  let best = 0;
  for (let c = 1; c < k; c++) if (logits[at + c]! > logits[at + best]!) best = c;
  return best;
}
