/** One image past class means or cluster centres, with every number that a formula needs. */
import type { Explanation } from '../../contract/story.ts';
import type { Learnt } from '../../run/method.ts';
import type { Decisions } from '../../run/stream.ts';
import { linesOf } from '../lines.ts';
import { rowOf } from '../logits.ts';
import { softmax } from '../softmax.ts';
import { meansLines } from './lines.ts';
import { scaledBy } from './normaliser.ts';

/**
 * @param distances float32 [M, K].
 * @param decide labels and confidences of the image.
 * @param network what the network itself says.
 */
export function explainMeans(
  of: Pick<Learnt<unknown>, 'exits' | 'classes'> & Parameters<typeof scaledBy>[0],
  distances: Float32Array,
  decide: (out: Decisions) => void,
  network: Pick<Explanation, 'logits' | 'softmax'>,
): Explanation {
  const { exits, classes } = of;
  const k = classes.length;
  const scaled = scaledBy(of, distances, exits.length);
  const { distance, normalised } = scaled;
  const probability = new Float32Array(distance.length);
  for (let j = 0; j < exits.length; j++)
    softmax(rowOf(normalised, j, k), -1, rowOf(probability, j, k));
  const prediction = new Uint8Array(exits.length);
  const confidence = new Float32Array(exits.length);
  decide({ prediction, confidence, stride: 1 });
  const lines = linesOf(exits.length, (j) =>
    meansLines(rowOf(distance, j, k), rowOf(normalised, j, k)),
  );
  return { exits, classes, ...scaled, probability, prediction, confidence, lines, ...network };
}
