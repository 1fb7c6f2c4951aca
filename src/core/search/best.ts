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
import { slope, upperHull } from './frontier.ts';
import { lookup, type Lookup } from './lookup.ts';
import { paperSearch, type PaperSearchOptions } from './paper.ts';
import { endPairs, twoExitHull } from './two-exits.ts';
import { everyNth } from '../trace.ts';

export interface FrontierSearchOptions {
  /** Smallest rise above the joining line, in accuracy, that is worth another look between two points. */
  readonly resolution?: number;
  /** Most λs to try. */
  readonly most?: number;
  /**
   * How the paper's search draws. A trace that is searched whole is searched its way too, at the end, so that the hull is
   * nowhere below that of the paper.
   */
  readonly paper?: Pick<PaperSearchOptions, 'seed' | 'range' | 'at'>;
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
const TOP_STARTS = 3;

/** Looks between the points of the hull on all images: fewer where exits are many, since each costs a pass over all of them and the hull is dense there. */
const EXTRA_LOOKS = 2400;
/** Less room than this, in accuracy, is not worth a look. */
const LEAST_ROOM = 2e-5;

/** No early exits. */
function shut({ last, rule }: Lookup): number[] {
  return new Array<number>(last).fill(closedThreshold(rule));
}

/** Traces with more images are searched on a part of them first, and only refined on all. */
const COARSE = 5000;

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
    const { paper } = options;
    const whole = paper ? 0.7 : 1;
    for (const { found, done } of dichotomy(table, options)) yield { found, done: whole * done };
    if (paper) yield* fromPapersHull(table, paper, whole);
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
  for (const start of starts) yield { found: [ascent.climb(start, ANY_PRICE, 4)], done: 0.5 };
  const fine: Tuned[] = twoExitPolicies(table);
  yield { found: fine.slice(), done: 0.5 };
  for (const [n, point] of hull.entries()) {
    const found = [ascent.measure(point.thresholds)];
    for (const lambda of slopesAround(hull, n))
      found.push(ascent.climb(point.thresholds, lambda, 4));
    fine.push(...found);
    yield { found, done: 0.5 + (0.45 * (n + 1)) / hull.length };
  }
  // Between its points the hull may still rise by what the slopes beside them allow: look there, most promising first.
  const looked = new Map<Tuned, Tuned>();
  const most = Math.floor(EXTRA_LOOKS / table.last ** 2);
  for (let look = 0; look < most; look++) {
    const points = upperHull(fine);
    const n = mostPromising(points, looked);
    if (n === null) break;
    const [from, to] = [points[n]!, points[n + 1]!];
    looked.set(from, to);
    const lambda = slope(from, to);
    const found = [from, to].map(({ thresholds }) => ascent.climb(thresholds, lambda, 4));
    fine.push(...found);
    yield { found, done: 0.95 };
  }
  yield { found: [], done: 1 };
}

/** The policies of the paper's hull, and where they climb to. */
function* fromPapersHull(
  table: Lookup,
  paper: NonNullable<FrontierSearchOptions['paper']>,
  begun: number,
): Generator<SearchStep, void> {
  const papers: Tuned[] = [];
  for (const { found, done } of paperSearch(table, paper)) {
    papers.push(...found);
    yield { found: [], done: begun + 0.8 * (1 - begun) * done };
  }
  const ascent = coordinateAscent(table);
  const hull = upperHull(papers);
  const climbed = hull.flatMap(({ thresholds }, n) =>
    slopesAround(hull, n).map((lambda) => ascent.climb(thresholds, lambda, 4)),
  );
  yield { found: [...hull, ...climbed], done: 1 };
}

/** What two exits can do, as far as nothing else of their kind beats it. */
function twoExitPolicies(table: Lookup): Tuned[] {
  return upperHull([...endPairs(table.last)].flatMap(([i, j]) => twoExitHull(table, i, j)));
}

/** The λ for which point n of a hull is the best: between the slopes of its two sides. */
function slopesAround(hull: readonly Tuned[], n: number): number[] {
  const point = hull[n]!;
  const [before, after] = [hull[n - 1], hull[n + 1]];
  return before ? [(slope(before, point) + (after ? slope(point, after) : 0)) / 2] : [];
}

/**
 * The segment of a hull above which there is most room: were every point the best for the slopes beside it, nothing
 * could lie above the lines of the two neighbouring segments. Null when no segment leaves room for a few images.
 */
function mostPromising(hull: readonly Tuned[], looked: ReadonlyMap<Tuned, Tuned>): number | null {
  let best: number | null = null;
  let room = LEAST_ROOM;
  for (let n = 0; n + 1 < hull.length; n++) {
    const [from, to] = [hull[n]!, hull[n + 1]!];
    if (looked.get(from) === to) continue;
    const own = slope(from, to);
    const steeper = n > 0 ? slope(hull[n - 1]!, from) : 4 * own;
    const flatter = n + 2 < hull.length ? slope(to, hull[n + 2]!) : 0;
    const rise =
      (((steeper - own) * (own - flatter)) / (steeper - flatter)) * (to.cost - from.cost);
    if (rise > room) [best, room] = [n, rise];
  }
  return best;
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
    const lambda = slope(from, to);
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
