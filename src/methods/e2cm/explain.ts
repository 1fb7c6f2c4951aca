/** One image past the class means, with every number that a formula needs. */
import type { Explanation } from '../contract/story.ts';
import { linesOf } from '../parts/lines.ts';
import { rowOf } from '../parts/logits.ts';
import type { Distances } from '../parts/means/arrays.ts';
import { meansLines } from '../parts/means/lines.ts';
import type { E2cmFitted } from '../parts/means/decide.ts';
import { scaledBy } from '../parts/means/normaliser.ts';
import { softmax } from '../parts/softmax.ts';
import { deciderOf } from './decider.ts';

export function explainE2cm(fitted: E2cmFitted, arrays: Distances): Explanation {
  const { classes, exits } = fitted;
  const k = classes.length;
  const { distance, normalised } = scaledBy(fitted, arrays.distances, exits.length);
  const probability = new Float32Array(distance.length);
  for (let j = 0; j < exits.length; j++)
    softmax(rowOf(normalised, j, k), -1, rowOf(probability, j, k));
  const prediction = new Uint8Array(exits.length);
  const confidence = new Float32Array(exits.length);
  deciderOf(fitted).decide(arrays, 0, 1, { prediction, confidence, stride: 1 });
  return {
    exits,
    classes,
    distance,
    normalised,
    probability,
    prediction,
    confidence,
    lines: linesOf(exits.length, (j) => meansLines(rowOf(distance, j, k), rowOf(normalised, j, k))),
    logits: arrays.logits,
    softmax: softmax(arrays.logits),
  };
}
