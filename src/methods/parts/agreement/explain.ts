/** One image past two judges that must agree. */
import type { Explanation, Formula } from '../../contract/story.ts';
import { linesOf } from '../lines.ts';
import { explainLogits, rowOf } from '../logits.ts';
import { meansLines } from '../means/lines.ts';
import { scaledBy } from '../means/normaliser.ts';
import type { DecidePair, PairFitted } from './decider.ts';
import { agreementLines } from './lines.ts';
import { judgedAt, pairOf, scorePair, type PairArrays } from './pair.ts';

/**
 * @param judge whose word the label is: "classifier".
 * @param ownLines how it comes to its confidence, from its logits [K].
 */
export function explainPair<Fitted extends PairFitted>(
  fitted: Fitted,
  arrays: PairArrays,
  decidePair: DecidePair<Fitted>,
  judge: string,
  ownLines: (logits: Float32Array, confidence: number) => readonly Formula[],
): Explanation {
  const { exits, classes, options, ranks } = fitted;
  const k = classes.length;
  const { logits, distances } = arrays;
  const pair = pairOf(exits.length, 1);
  decidePair(fitted, arrays, 0, 1, pair);
  // The network itself decides at the last exit: its distances play no part.
  const { distance, normalised } = scaledBy(fitted, distances, exits.length - 1);
  const story = explainLogits(
    fitted,
    logits,
    (out) => scorePair(fitted, pair, 0, 1, out),
    () => [],
  );
  const lines = linesOf(exits.length, (j) => {
    const own = ownLines(rowOf(logits, j, k), pair.classifier.confidence[j]!);
    const means = meansLines(rowOf(distance, j, k), rowOf(normalised, j, k));
    return agreementLines(judgedAt(pair, j, { own, means }), options.agreement, ranks, j, judge);
  });
  return { ...story, distance, normalised, lines };
}
