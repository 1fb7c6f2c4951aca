/**
 * Searches for two judges, whose exits have two thresholds each: `pairing.ts` says what they mean.
 *
 * Each begins from policies with one number an exit, whose thresholds are written out for two, and climbs from there with
 * both apart, under the slopes of the hull beside it. What it began from stays among what is found, so on the tuning trace
 * two thresholds are nowhere below one.
 */
import { pairCell, pairingOf } from '../pairing.ts';
import { closedThreshold, openThreshold, type Rule } from '../policy.ts';
import { confidenceAt, rankOf } from '../ranks.ts';
import type { Trace } from '../trace.ts';
import { frontierSearch, type FrontierSearchOptions, type SearchStep } from './best.ts';
import { coordinateAscent, type Tuned } from './coordinate.ts';
import { slopesBeside, upperHull } from './frontier.ts';
import { lookup } from './lookup.ts';
import { paperSearch } from './paper.ts';

const PASSES = 6;

/** Policies with one number an exit, on a trace of its own, and how they are written for two judges. */
interface Beginning {
  readonly trace: Trace;
  readonly written: (thresholds: readonly number[]) => readonly number[];
}

/** Thresholds an exit of both judges, tied or apart: a trace needs a second judge, and a rule other than `and-label`. */
export function* pairSearch(
  trace: Trace,
  rule: Rule,
  options: FrontierSearchOptions = {},
): Generator<SearchStep, void> {
  const cell = pairCell(trace)!;
  const beginnings = beginningsOf(trace, rule);
  const { paper, ...plainly } = options;
  const table = lookup(trace, rule, cell);
  const ascent = coordinateAscent(table);
  // What one number an exit can do, the paper's way of drawing two, and the climbs: so much of the work each.
  const parts = beginnings.length + (paper ? 1 : 0) + 2;
  let begun = 0;
  const all: Tuned[] = [];
  for (const { trace: one, written } of beginnings) {
    const single: Tuned[] = [];
    for (const { found, done } of frontierSearch(lookup(one, rule), plainly)) {
      single.push(...found);
      yield { found: [], done: (begun + done) / parts };
    }
    const found = upperHull(single).map(({ thresholds }) => ascent.measure(written(thresholds)));
    all.push(...found);
    yield { found, done: ++begun / parts };
  }
  if (paper) {
    const drawn: Tuned[] = [];
    for (const { found, done } of paperSearch(table, paper)) {
      drawn.push(...found);
      yield { found: [], done: (begun + done) / parts };
    }
    const found = upperHull(drawn);
    all.push(...found);
    yield { found, done: ++begun / parts };
  }
  // The second round climbs from what the first has found.
  for (let round = 0; round < 2; round++) {
    const hull = upperHull(all);
    for (const [n, { thresholds }] of hull.entries()) {
      const found = slopesBeside(hull, n).map((lambda) => ascent.climb(thresholds, lambda, PASSES));
      all.push(...found);
      yield { found, done: (begun + round + (n + 1) / hull.length) / parts };
    }
  }
  yield { found: [], done: 1 };
}

/** Both judges at the same rank among the tuning images: one number an exit for two thresholds. */
export function* tiedSearch(
  trace: Trace,
  rule: Rule,
  options: FrontierSearchOptions = {},
): Generator<SearchStep, void> {
  const { trace: tied, written } = tiedRanks(trace, rule);
  const { measure } = coordinateAscent(lookup(trace, rule, 'judge'));
  for (const { found, done } of frontierSearch(lookup(tied, rule), options))
    yield { found: found.map(({ thresholds }) => measure(written(thresholds))), done };
}

function beginningsOf(trace: Trace, rule: Rule): Beginning[] {
  const pairing = pairingOf(trace);
  const each =
    (write: (threshold: number) => readonly [number, number]) => (thresholds: readonly number[]) =>
      thresholds.flatMap(write);
  if (pairing === 'by-label') return [{ trace, written: each((t) => [t, t]) }];
  // Who is not asked: one that is always met, where both must be, and never, where one is enough.
  const unasked = pairing === 'or' ? closedThreshold(rule) : openThreshold(rule);
  const other = { ...trace, confidence: trace.second!.confidence };
  return [
    { trace, written: each((t) => [t, unasked]) },
    { trace: other, written: each((t) => [unasked, t]) },
    tiedRanks(trace, rule),
  ];
}

/**
 * Both confidences as one: each replaced by its rank among the images of the trace at that exit, and of the two ranks the
 * smaller, where both judges must be sure, or the larger. Then a rank q is reached iff both thresholds, or one, of quantile
 * q are.
 */
function tiedRanks(trace: Trace, rule: Rule): Beginning {
  const { count, exits } = trace;
  const second = trace.second!;
  const isEither = pairingOf(trace) === 'or';
  const last = exits.length - 1;
  const confidence = trace.confidence.slice();
  const sorted = exits
    .slice(0, last)
    .map((_, j) =>
      [trace, second].map((of) => of.confidence.slice(j * count, (j + 1) * count).sort()),
    );
  for (const [j, [own, other]] of sorted.entries())
    for (let at = j * count; at < (j + 1) * count; at++) {
      const ranks = [rankOf(own!, trace.confidence[at]!), rankOf(other!, second.confidence[at]!)];
      confidence[at] = isEither ? Math.max(...ranks) : Math.min(...ranks);
    }
  const [closed, open] = [closedThreshold(rule), openThreshold(rule)];
  return {
    trace: { ...trace, confidence },
    written: (thresholds) =>
      thresholds.flatMap((rank, j) =>
        rank === closed || rank === open
          ? [rank, rank]
          : sorted[j]!.map((of) => confidenceAt(of, rank)),
      ),
  };
}
