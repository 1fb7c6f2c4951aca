/** What E2CM+SDN learnt, the pass that looks at it, and what both judges say: plain arithmetic, no tensors. */
import { sizeOf } from '../../core/shape.ts';
import { through } from '../contract/kernel.ts';
import type { Learnt } from '../run/method.ts';
import type { PairFitted } from '../parts/agreement/decider.ts';
import type { Pair, PairArrays } from '../parts/agreement/pair.ts';
import { decideSdn, type AtSites } from '../parts/classifiers/decide.ts';
import { arraysOf } from '../parts/classifiers/save.ts';
import { encodeSites, shapeOf, type Site } from '../parts/classifiers/sites.ts';
import { inputsOf } from '../parts/linear/settings.ts';
import { decide, PAPER_RULE } from '../parts/means/decide.ts';
import type { E2cmSdnOptions } from './options.ts';
import { own } from './own.ts';

/** Classifiers and class means at the same sites. */
export interface E2cmSdnFitted extends Learnt<E2cmSdnOptions>, AtSites, PairFitted {
  /** Index of the network's own output among its default exits. */
  readonly last: number;
  readonly options: E2cmSdnOptions;
}

/** Parameters that every kernel of this method takes. */
export const siteParameters = (sites: readonly Site[], last: number) => ({
  sites: encodeSites(sites),
  last: Uint32Array.of(last),
});

/** Classifiers with their weights in two parts, for features and for distances. */
function classifiersOf({ sites, classes, classifiers }: E2cmSdnFitted) {
  const near: Record<`near${number}`, Float32Array> = {};
  const ofFeatures = classifiers.map(({ weights, ...rest }, s) => {
    const split = inputsOf(shapeOf(sites[s]!, classes.length)) * classes.length;
    near[`near${s}`] = weights.slice(split);
    return { ...rest, weights: weights.slice(0, split) };
  });
  return { sites: encodeSites(sites), ...arraysOf(ofFeatures), ...near };
}

/** The pass that gives logits and distances. */
export function throughPair(fitted: E2cmSdnFitted) {
  const { last, means, counts, normaliser } = fitted;
  const atSites = { ...classifiersOf(fitted), last: Uint32Array.of(last) };
  return through(own.kernel('outputs'), { ...atSites, means, counts, normaliser });
}

/** The same exit by exit. */
export function judgePair(fitted: E2cmSdnFitted) {
  const { sites, means, counts, normaliser, options } = fitted;
  const dimensions = sites.map(({ map }) => sizeOf(map));
  const classifiers = classifiersOf(fitted);
  const judging = own.judge({ classifiers, means, counts, normaliser, dimensions });
  return { ...judging, pairing: options.agreement };
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
