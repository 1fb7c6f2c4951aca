/**
 * Frontier search with a threshold for each exit and predicted class: ours, not the paper's. Classes differ in how near to
 * their mean their images lie, so one threshold for all is too low for some and too high for others.
 *
 * It begins from the policies of the plain frontier; each climbs with the classes of its exits apart, under the slopes of
 * the hull beside it. K times as many thresholds also find chances in the tuning images that other images do not have. So a
 * policy counts for what it gets there less `DISCOUNT` standard errors of what it gains over the plain one that it began
 * from, and at least those of one image. The plain policies stay among what is found: where classes of their own are not
 * worth it, those are chosen, and by what is counted nothing is below the plain frontier on the tuning trace.
 */
import { forEachClass, type Rule } from '../policy.ts';
import type { Trace } from '../trace.ts';
import { frontierSearch, type FrontierSearchOptions, type SearchStep } from './best.ts';
import { coordinateAscent, type Tuned } from './coordinate.ts';
import { slopesBeside, upperHull } from './frontier.ts';
import { lookup } from './lookup.ts';

/** Standard errors by which a class-aware policy is discounted; docs/rules.md shows what others would do. */
const DISCOUNT = 1.5;
/** Share of the work that the plain frontier is. */
const PLAIN_SHARE = 0.5;
const PASSES = 6;

export interface ClassAwareOptions extends FrontierSearchOptions {
  /** Standard errors; 0 takes what is best on the tuning trace. */
  readonly discount?: number;
}

/** Runs the search step by step: the policies of the plain frontier first, then those with thresholds a class. */
export function* classAwareSearch(
  trace: Trace,
  rule: Rule,
  { discount = DISCOUNT, ...plainly }: ClassAwareOptions = {},
): Generator<SearchStep, void> {
  const plain: Tuned[] = [];
  for (const { found, done } of frontierSearch(lookup(trace, rule), plainly)) {
    plain.push(...found);
    yield { found, done: done * PLAIN_SHARE };
  }
  const ascent = coordinateAscent(lookup(trace, rule, 'class'));
  const hull = upperHull(plain);
  for (const [n, { thresholds }] of hull.entries()) {
    const base = forEachClass(thresholds, trace.classes.length);
    const found = slopesBeside(hull, n).map((lambda) => {
      const tuned = ascent.climb(base, lambda, PASSES);
      // Where the tuning images are known by heart no label changes: what then seems free still has the error of an image.
      const noise = Math.max(ascent.noise(base, tuned.thresholds), 1 / trace.count);
      return { ...tuned, worth: tuned.accuracy - discount * noise };
    });
    yield { found, done: PLAIN_SHARE + ((1 - PLAIN_SHARE) * (n + 1)) / hull.length };
  }
  yield { found: [], done: 1 };
}
