/** From logits and distances to labels and one score an exit: plain arithmetic, no tensors. */
import { decide, PAPER_RULE } from '../parts/means/decide.ts';
import type { SdnFitted } from '../parts/classifiers/decide.ts';
import { decideSdn } from '../parts/classifiers/decide.ts';
import type { E2cmSdnOptions } from './options.ts';
import type { Pair, PairArrays } from '../parts/agreement/pair.ts';
import type { Ranks } from '../parts/agreement/ranks.ts';

/** What E2CM+SDN learnt: classifiers and class means at the same sites. */
export interface E2cmSdnFitted extends Omit<SdnFitted, 'options'> {
  /** Index of the network's own output among its default exits. */
  readonly last: number;
  /** Class means, as E2CM has them, at the sites and on the network's output. */
  readonly means: Float32Array;
  readonly counts: Uint32Array;
  /** m [S + 1, K]. */
  readonly normaliser: Float64Array;
  /** Both confidences of the training images; null until they are traced, and where the rule needs none. */
  readonly ranks: Ranks | null;
  readonly options: E2cmSdnOptions;
}

/** What a classifier sees of a distance: d / m; 0 where there is no mean, or no spread around it. */
export function scaledDistance(distance: number, mean: number, count: number): number {
  return count > 0 && mean > 0 ? distance / mean : 0;
}

/** What the classifiers and E2CM each say of images [from, from + count). */
export function decidePair(
  { exits, classes, counts, normaliser }: E2cmSdnFitted,
  { logits, distances }: PairArrays,
  from: number,
  count: number,
  out: Pair,
): void {
  const options = { unconfident: 'network' } as const;
  decideSdn({ exits, classes, options }, logits, from, count, out.classifier);
  const means = { counts, normaliser, options: PAPER_RULE };
  decide(distances, 0, from, from + count, means, out.means);
}
