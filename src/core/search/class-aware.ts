/**
 * Frontier search with a threshold for each exit and predicted class: ours, not the paper's. Classes differ in how near to
 * their mean their images lie, so one threshold for all is too low for some and too high for others.
 *
 * It begins from the policies of the plain frontier that leave enough errors to learn from; each climbs with the classes of
 * its exits apart, under the slopes of the hull beside it. K times as many thresholds also find chances in the tuning images
 * that other images do not have. So a policy counts for what it gets there less `DISCOUNT` standard errors of what it gains
 * over the plain one that it began from. The plain policies stay among what is found: where classes of their own are not
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
/**
 * Share of the tuning images that a plain policy gets wrong at least, for classes to have thresholds of their own. Where it
 * gets nearly all right, most often because they are known by heart, they do not tell what leaving earlier would lose.
 */
const LEAST_ERRORS = 0.03;
/** Images that arrive at an exit and are predicted to be of a class, for its threshold there to be its own. */
const FEWEST = 10;
/** Share of the work that the plain frontier is. */
const PLAIN_SHARE = 0.5;
const PASSES = 6;

export interface ClassAwareOptions extends FrontierSearchOptions {
  /** Standard errors; 0 takes what is best on the tuning trace. */
  readonly discount?: number;
  /** Share of the tuning images that a policy gets wrong at least, for its classes to climb apart. */
  readonly leastErrors?: number;
  /** Images of a cell (exit, predicted class) that arrive, for its threshold to be its own; with fewer it is the exit's. */
  readonly fewest?: number;
}

/** Runs the search step by step: the policies of the plain frontier first, then those with thresholds a class. */
export function* classAwareSearch(
  trace: Trace,
  rule: Rule,
  {
    discount = DISCOUNT,
    leastErrors = LEAST_ERRORS,
    fewest = FEWEST,
    ...plainly
  }: ClassAwareOptions = {},
): Generator<SearchStep, void> {
  const plain: Tuned[] = [];
  for (const { found, done } of frontierSearch(lookup(trace, rule), plainly)) {
    plain.push(...found);
    yield { found, done: done * PLAIN_SHARE };
  }
  const ascent = coordinateAscent(lookup(trace, rule, 'class'), fewest);
  const hull = upperHull(plain);
  for (const [n, { thresholds, accuracy }] of hull.entries()) {
    if (1 - accuracy < leastErrors) continue;
    const base = forEachClass(thresholds, trace.classes.length);
    const found = slopesBeside(hull, n).map((lambda) => {
      const tuned = ascent.climb(base, lambda, PASSES);
      return { ...tuned, worth: tuned.accuracy - discount * ascent.noise(base, tuned.thresholds) };
    });
    yield { found, done: PLAIN_SHARE + ((1 - PLAIN_SHARE) * (n + 1)) / hull.length };
  }
  yield { found: [], done: 1 };
}
