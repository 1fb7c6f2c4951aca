/** One image past classifiers and class means. */
import type { Explanation } from '../contract/story.ts';
import { normalise } from '../parts/means/decide.ts';
import { agreementLines } from '../parts/agreement/lines.ts';
import { linesOf } from '../parts/lines.ts';
import { meansLines } from '../parts/means/lines.ts';
import { softmax } from '../parts/softmax.ts';
import { classifierLine } from '../parts/classifiers/decide.ts';
import { judgedAt, pairOf, scorePair, type PairArrays } from '../parts/agreement/pair.ts';
import { decidePair, type E2cmSdnFitted } from './decide.ts';

/** @param arrays what the outputs kernel returned for this one image. */
export function explainPair(fitted: E2cmSdnFitted, { logits, distances }: PairArrays): Explanation {
  const { exits, classes, counts, normaliser } = fitted;
  const k = classes.length;
  const distance = distances.slice();
  const pair = pairOf(exits.length, 1);
  decidePair(fitted, { logits, distances: distance }, 0, 1, pair);
  const prediction = new Uint8Array(exits.length);
  const confidence = new Float32Array(exits.length);
  scorePair(fitted, pair, 0, 1, { prediction, confidence, stride: 1 });
  const probability = new Float32Array(logits.length);
  const normalised = new Float32Array(distance.length);
  const lastRow = logits.length - k;
  for (let at = 0; at < distance.length; at++) {
    // The network itself decides at the last exit: its distances play no part.
    if (counts[at % k] === 0 || at >= lastRow) distance[at] = Infinity;
    normalised[at] =
      distance[at] === Infinity ? Infinity : normalise(distance[at]!, normaliser[at]!);
  }
  for (let j = 0; j < exits.length; j++)
    softmax(logits.subarray(j * k, (j + 1) * k), 1, probability.subarray(j * k, (j + 1) * k));
  return {
    exits,
    classes,
    distance,
    normalised,
    probability,
    prediction,
    confidence,
    lines: linesOf(exits.length, (j) => {
      const row = [j * k, (j + 1) * k] as const;
      const own = classifierLine(logits.subarray(...row));
      const means = meansLines(distance.subarray(...row), normalised.subarray(...row));
      const judged = judgedAt(pair, j, { own: [own], means });
      return agreementLines(judged, fitted.options.agreement, fitted.ranks, j, 'classifier');
    }),
    logits: logits.slice(lastRow),
    softmax: probability.slice(lastRow),
  };
}
