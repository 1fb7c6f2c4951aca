/** One image past two judges. */
import type { Explanation, Formula } from '../../contract/story.ts';
import { linesOf } from '../lines.ts';
import { explainLogits, rowOf } from '../logits.ts';
import { meansLines } from '../means/lines.ts';
import { scaledBy } from '../means/normaliser.ts';
import type { DecidePair, PairFitted } from './decider.ts';
import { agreementLines } from './lines.ts';
import { judgedAt, pairOf, type PairArrays } from './pair.ts';

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
  const { exits, classes, options } = fitted;
  const { agreement } = options;
  const k = classes.length;
  const { logits, distances } = arrays;
  const pair = pairOf(exits.length, 1);
  decidePair(fitted, arrays, 0, 1, pair);
  const { classifier, means } = pair;
  const last = exits.length - 1;
  // The network itself decides at the last exit: its distances play no part.
  const { distance, normalised } = scaledBy(fitted, distances, last);
  const story = explainLogits(
    fitted,
    logits,
    (out) => {
      out.prediction.set(classifier.prediction);
      out.confidence.set(
        classifier.confidence.map((own, j) => {
          const isSame = j === last || classifier.prediction[j] === means.prediction[j];
          return agreement === 'and-label' && !isSame ? 0 : own;
        }),
      );
    },
    () => [],
  );
  const lines = linesOf(exits.length, (j) => {
    const own = ownLines(rowOf(logits, j, k), classifier.confidence[j]!);
    const others = meansLines(rowOf(distance, j, k), rowOf(normalised, j, k));
    return agreementLines(judgedAt(pair, j, { own, means: others }), agreement, judge);
  });
  const second = { prediction: means.prediction, confidence: means.confidence };
  return { ...story, distance, normalised, lines, second };
}
