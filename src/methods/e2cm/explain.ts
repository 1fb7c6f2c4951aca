/** One image past the class means, with every number that a formula needs. */
import type { Explanation } from '../contract/story.ts';
import { linesOf } from '../parts/lines.ts';
import type { Distances } from '../parts/means/arrays.ts';
import { meansLines } from '../parts/means/lines.ts';
import { softmax } from '../parts/softmax.ts';
import { decide, decideByNetwork, normalise, type E2cmFitted } from '../parts/means/decide.ts';

/** @param arrays what the distances kernel returned for this one image. */
export function explainE2cm(fitted: E2cmFitted, { distances, logits }: Distances): Explanation {
  const { classes, exits, counts, normaliser, options } = fitted;
  const k = classes.length;
  const distance = distances.slice();
  const normalised = new Float32Array(distance.length);
  const probability = new Float32Array(distance.length);
  for (let j = 0; j < exits.length; j++) {
    for (let c = 0; c < k; c++) {
      const at = j * k + c;
      if (counts[c] === 0) distance[at] = Infinity;
      normalised[at] = counts[c] === 0 ? Infinity : normalise(distance[at]!, normaliser[at]!);
    }
    softmax(normalised.subarray(j * k, (j + 1) * k), -1, probability.subarray(j * k, (j + 1) * k));
  }
  const prediction = new Uint8Array(exits.length);
  const confidence = new Float32Array(exits.length);
  const out = { prediction, confidence, stride: 1 };
  decide(distance, 0, 0, 1, fitted, out);
  if (options.lastExit === 'network') decideByNetwork(logits, 0, 1, exits.length, out);
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
      return meansLines(distance.subarray(...row), normalised.subarray(...row));
    }),
    logits,
    softmax: softmax(logits, 1, new Float32Array(logits.length)),
  };
}
