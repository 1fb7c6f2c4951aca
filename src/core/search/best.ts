/**
 * Frontier search: thresholds whose (cost, accuracy) lie on the upper hull of what coordinate ascent can reach.
 *
 * Every λ asks for the policy with the largest accuracy − λ·cost, and the λs come from the frontier itself: between
 * two neighbours on the hull, the slope of the line that joins them asks whether anything lies above that line
 * (the dichotomic scheme of bi-objective optimisation, Aneja & Nair 1979). Each climb begins from both neighbours
 * and from closed exits; the best of them counts. Deterministic: no random numbers.
 */
import { closedThreshold, openThreshold } from '../policy.ts';
import { coordinateAscent, type Tuned } from './coordinate.ts';
import { upperHull } from './frontier.ts';
import { lookup, type Lookup } from './lookup.ts';
import { everyNth } from '../trace.ts';

export interface FrontierSearchOptions {
  /** Smallest rise above the joining line, in accuracy, that is worth another look between two points. */
  readonly resolution?: number;
  /** Most λs to try. */
  readonly most?: number;
}

/** What a search has found so far. */
export interface SearchStep {
  /** Policies tried since the last step. */
  readonly found: readonly Tuned[];
  /** Share of the work that is done, 0…1. */
  readonly done: number;
}

interface Segment {
  readonly from: Tuned;
  readonly to: Tuned;
}

/** λ of the best accuracy at any price: a hair's weight on cost breaks ties. */
const ANY_PRICE = 1e-6;
/** Points of the coarse hull, and late exits alone, from which the most accurate policy is looked for on all images. */
const TOP_STARTS = 4;

/** No early exits. */
function shut({ last, rule }: Lookup): number[] {
  return new Array<number>(last).fill(closedThreshold(rule));
}

/** Traces with more images are searched on a part of them first, and only refined on all. */
const COARSE = 8000;

/**
 * Runs the frontier search one λ at a time, so that a caller may draw, yield or stop between steps.
 * A large trace is searched on every n-th image first; each policy on that hull then climbs on all images, which
 * takes a pass or two instead of many.
 */
export function* frontierSearch(
  table: Lookup,
  options: FrontierSearchOptions = {},
): Generator<SearchStep, void> {
  const { count, rule, trace } = table;
  if (count <= 2 * COARSE) {
    yield* dichotomy(table, options);
    return;
  }
  const coarse: Tuned[] = [];
  for (const { found, done } of dichotomy(
    lookup(everyNth(trace, Math.floor(count / COARSE)), rule),
    options,
  )) {
    coarse.push(...found);
    yield { found: [], done: done / 2 };
  }
  const ascent = coordinateAscent(table);
  const hull = upperHull(coarse);
  // The most accurate policies differ by a handful of images, which the part may have missed: look from many sides.
  const late = Array.from(
    { length: Math.min(TOP_STARTS, table.last) },
    (_, n) => table.last - 1 - n,
  );
  const starts = [
    shut(table),
    ...late.map((j) => ascent.cutOne(shut(table), j, ANY_PRICE)),
    ...hull.slice(-TOP_STARTS).map(({ thresholds }) => thresholds),
  ];
  for (const start of starts) yield { found: [ascent.climb(start, ANY_PRICE, 6)], done: 0.5 };
  for (const [n, point] of hull.entries()) {
    const start = ascent.measure(point.thresholds);
    const found = [start];
    for (const lambda of slopesAround(hull, n))
      found.push(ascent.climb(point.thresholds, lambda, 4));
    yield { found, done: 0.5 + (0.5 * (n + 1)) / hull.length };
  }
}

/** The λ for which point n of a hull is the best: between the slopes of its two sides. */
function slopesAround(hull: readonly Tuned[], n: number): number[] {
  const slope = (a: Tuned | undefined, b: Tuned | undefined): number | null =>
    a && b ? (b.accuracy - a.accuracy) / (b.cost - a.cost) : null;
  const before = slope(hull[n - 1], hull[n]);
  const after = slope(hull[n], hull[n + 1]) ?? 0;
  return before === null ? [] : [(before + after) / 2];
}

function* dichotomy(
  table: Lookup,
  { resolution = 0.0004, most = 96 }: FrontierSearchOptions,
): Generator<SearchStep, void> {
  const { last, rule } = table;
  const ascent = coordinateAscent(table);
  const closed = shut(table);
  const open = new Array<number>(last).fill(openThreshold(rule));
  const cheapest = ascent.measure(open);
  const dearest = ascent.climb(closed, ANY_PRICE);
  yield { found: [cheapest, ascent.measure(closed), dearest], done: 0 };
  const segments: Segment[] = [{ from: cheapest, to: dearest }];
  let tried = 0;
  while (segments.length > 0 && tried < most) {
    segments.sort((a, b) => area(b) - area(a));
    const { from, to } = segments.shift()!;
    if (to.cost - from.cost < 1e-6 || to.accuracy - from.accuracy < resolution) continue;
    const lambda = (to.accuracy - from.accuracy) / (to.cost - from.cost);
    tried++;
    const found = [closed, from.thresholds, to.thresholds].map((start) =>
      ascent.climb(start, lambda),
    );
    const worth = ({ accuracy, cost }: Tuned): number => accuracy - lambda * cost;
    const best = found.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    const between = best.cost > from.cost && best.cost < to.cost;
    if (between && worth(best) > worth(from) + resolution) {
      segments.push({ from, to: best }, { from: best, to });
    }
    yield { found, done: Math.min(1, tried / most) };
  }
  yield { found: [], done: 1 };
}

/** How much there could be to gain between two points: the triangle over their line. */
function area({ from, to }: Segment): number {
  return (to.cost - from.cost) * (to.accuracy - from.accuracy);
}
