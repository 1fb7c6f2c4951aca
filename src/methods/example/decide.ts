/** From cosines to labels and confidences: plain arithmetic, no tensors. */
import type { Formula } from '../contract/story.ts';
import { digits } from '../parts/lines.ts';
import type { Decisions } from '../run/stream.ts';

/** The class at the smallest angle, and how far ahead of the second it is. @param cosines [K]. */
function nearest(cosines: Float32Array) {
  const order = [...cosines.keys()].sort((a, b) => cosines[b]! - cosines[a]!);
  const [best, second] = [order[0]!, order[1] ?? order[0]!];
  return { best, second, margin: cosines[best]! - cosines[second]! };
}

/** Decides images [from, from + count) at every exit. @param cosines [count, M, K]. */
export function decide(
  cosines: Float32Array,
  exits: number,
  from: number,
  count: number,
  { prediction, confidence, stride }: Decisions,
): void {
  const k = cosines.length / (count * exits);
  for (let i = 0, at = 0; i < count; i++)
    for (let j = 0; j < exits; j++, at += k) {
      const { best, margin } = nearest(cosines.subarray(at, at + k));
      prediction[j * stride + from + i] = best;
      confidence[j * stride + from + i] = margin;
    }
}

/** The same in words, for the story of one image: the last value is the confidence. @param cosines [K] of an exit. */
export function lines(cosines: Float32Array): Formula[] {
  const { best, second, margin } = nearest(cosines);
  const [first, other] = [cosines[best]!, cosines[second]!];
  return [
    { says: 'cos = x·c / (‖x‖·‖c‖), greatest', value: first, of: best },
    { says: 'second', value: other, of: second },
    { says: `margin = ${digits(first)} − ${digits(other)}`, value: margin },
  ];
}
