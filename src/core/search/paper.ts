/**
 * The paper's threshold search (§4.1): for a target, thresholds are drawn from U[0, 1] and then the components in
 * turn are bisected until the mean cost on the tuning trace meets the target.
 *
 * With all other thresholds fixed, the mean cost is a step function of T_j over the sorted confidences of the images
 * that arrive at j. So each component is sorted out once, in prefix sums, and a bisection step is one binary search
 * in them instead of a replay of the whole trace. The thresholds are the same, bit for bit: FLOPs are whole numbers,
 * and their sums stay below 2^53.
 */
import { sense } from '../policy.ts';
import { leavingCount, type Arrivals } from '../quantile.ts';
import { mixSeeds, randomFrom, shuffled } from '../random.ts';
import type { Trace } from '../trace.ts';
import type { SearchStep } from './best.ts';
import { coordinateAscent, type Tuned } from './coordinate.ts';
import type { FrontierPoint } from './frontier.ts';
import { othersThan, walker, type Lookup } from './lookup.ts';

export interface PaperSearchOptions {
  /** Relative FLOPs to meet. */
  readonly target: number;
  readonly seed: number;
  /** Range that is drawn from and bisected: [0, 1] for confidences, [0, ln K] for entropies (§4.2). */
  readonly range?: readonly [number, number];
  /** The threshold at a place in that range, rising, of a component; the place itself if missing. */
  readonly at?: (place: number, component: number) => number;
  /** How near the target is near enough; the paper's targets are 0.001 apart. */
  readonly tolerance?: number;
}

export type PaperSearchResult =
  | (FrontierPoint & { readonly reached: true })
  | { readonly reached: false; readonly reason: string };

/** Half the distance between two of the paper's targets. */
export const TOLERANCE = 0.0005;
/** Halvings of a threshold's range before the next component's turn. */
export const BISECTIONS = 40;
/** A threshold where nothing else is said of its scale. */
export const itself = (place: number): number => place;
/** 0.001, 0.002, …, 1. */
export const PAPER_TARGETS: readonly number[] = Array.from(
  { length: 1000 },
  (_, i) => (i + 1) / 1000,
);

/** The images that arrive at an exit, and the FLOPs if some of them leave there. */
interface Arriving extends Arrivals {
  /** FLOPs of all images of the trace together when the first `leaving` arrivals leave at the exit. */
  readonly totalFlops: (leaving: number) => number;
}

/** Searches one target after another on a table that was made once. */
export type PaperSearcher = (options: PaperSearchOptions) => PaperSearchResult;

/** The exact search; its buffers are shared by all its calls. */
export function paperSearcher(table: Lookup): PaperSearcher {
  const { trace, rule, count, last, per, cell, isEither, starts, order, rankedConfidence } = table;
  const { eachMeeting, eachLeaving } = walker(table);
  const { exits, networkFlops } = trace;
  const ascent = coordinateAscent(table);
  /** First exit but j that lets image i go under its threshold; a byte each, so that 50,000 stay in the cache. */
  const elsewhere = new Uint8Array(count);
  const images = new Float64Array(exits.length);
  /** Of the images that arrive at j, most eager first: their confidences, and the total FLOPs if the first n leave. */
  const arriving = new Float32Array(count);
  const total = new Float64Array(count + 1);
  const nobody = new Float32Array(0);
  const flops = Float64Array.from(exits, (exit) => exit.flops);

  /** What the other thresholds of a component's exit do with an image there: nothing, let it go, or keep it back. */
  const others = new Uint8Array(cell === 'exit' ? 0 : count);
  const [NOTHING, LET, KEPT] = [0, 1, 2];

  /** Looks at the thresholds of the same exit. Of cells that share the images those of the others are none of this one's. */
  const settleOthers = (thresholds: readonly number[], at: number): void => {
    if (cell === 'exit') return;
    const j = Math.floor(at / per);
    others.fill(cell === 'judge' && !isEither ? KEPT : NOTHING);
    for (let other = j * per; other < (j + 1) * per; other++) {
      if (other === at) continue;
      if (cell !== 'judge')
        for (let r = starts[other]!; r < starts[other + 1]!; r++) others[order[r]!] = KEPT;
      eachMeeting(other, thresholds[other]!, (r) => {
        others[order[r]!] = cell === 'judge' && !isEither ? NOTHING : LET;
      });
    }
  };

  /**
   * Sorts out a component given the other thresholds: who arrives at its exit and is its to decide, in `arriving`, and what
   * it costs, in `total`.
   */
  const settle = (thresholds: readonly number[], at: number): Arriving => {
    const j = Math.floor(at / per);
    const { everybody, partly } = othersThan(table, thresholds, j);
    if (partly.length === 0 && cell === 'exit') {
      // Nobody is told apart by the other exits: all arrive, or none, and all would leave at the same exit instead.
      const each = flops[everybody]!;
      const gain = flops[j]! - each;
      const base = count * each;
      if (everybody < j) return { rule, confidence: nobody, totalFlops: () => base };
      const confidence = rankedConfidence.subarray(j * count, (j + 1) * count);
      return { rule, confidence, totalFlops: (leaving) => base + leaving * gain };
    }
    elsewhere.fill(everybody);
    for (const k of partly)
      eachLeaving(k, thresholds, (r) => {
        elsewhere[order[r]!] = k;
      });
    settleOthers(thresholds, at);
    for (let i = 0; i < others.length; i++)
      if (others[i] === LET && elsewhere[i]! > j) elsewhere[i] = j;
    images.fill(0);
    for (let i = 0; i < count; i++) images[elsewhere[i]!]!++;
    let sum = 0;
    for (let k = 0; k <= last; k++) sum += images[k]! * flops[k]!;
    total[0] = sum;
    const here = flops[j]!;
    let n = 0;
    if (everybody < j && partly.every((k) => k < j))
      return { rule, confidence: nobody, totalFlops: () => total[0]! };
    for (let r = starts[at]!; r < starts[at + 1]!; r++) {
      const i = order[r]!;
      const instead = elsewhere[i]!;
      if (instead < j || (others.length > 0 && others[i] !== NOTHING)) continue;
      arriving[n++] = rankedConfidence[r]!;
      sum += here - flops[instead]!;
      total[n] = sum;
    }
    const confidence = arriving.subarray(0, n);
    return { rule, confidence, totalFlops: (leaving) => total[leaving]! };
  };

  return ({ target, seed, range = [0, 1], at = itself, tolerance = TOLERANCE }) => {
    const refusal = unreachable(trace, target, tolerance);
    if (refusal) return refusal;
    if (last === 0) return { ...ascent.measure([]), reached: true };
    const random = randomFrom(seed);
    const thresholds = Array.from({ length: last * per }, (_, c) =>
      at(range[0] + (range[1] - range[0]) * random(), c),
    );
    const raisesCost = sense(rule).sign > 0;
    let best = { cost: Infinity, thresholds: [...thresholds] };
    const consider = (cost: number): void => {
      if (Math.abs(cost - target) < Math.abs(best.cost - target))
        best = { cost, thresholds: [...thresholds] };
    };
    for (const [turn, c] of shuffled(last * per, random).entries()) {
      const here = settle(thresholds, c);
      const costAt = (threshold: number): number =>
        here.totalFlops(leavingCount(here, threshold)) / count / networkFlops;
      if (turn === 0) consider(costAt(thresholds[c]!));
      let [low, high] = range;
      for (let step = 0; step < BISECTIONS && Math.abs(best.cost - target) > tolerance; step++) {
        const middle = (low + high) / 2;
        thresholds[c] = at(middle, c);
        const cost = costAt(thresholds[c]!);
        consider(cost);
        if (cost > target === raisesCost) high = middle;
        else low = middle;
      }
      if (Math.abs(best.cost - target) <= tolerance)
        return { ...ascent.measure(best.thresholds), reached: true };
    }
    return missed(seed, target, best.cost);
  };
}

/** All targets, a few at a step; target t is searched from a seed of its own, so that any one can be repeated. */
export function* paperSearch(
  table: Lookup,
  options: Pick<PaperSearchOptions, 'seed' | 'range' | 'at'> & {
    readonly targets?: readonly number[];
  },
): Generator<SearchStep, void> {
  const { seed, targets = PAPER_TARGETS, ...drawn } = options;
  const search = paperSearcher(table);
  let found: Tuned[] = [];
  for (const [t, target] of targets.entries()) {
    const result = search({ ...drawn, target, seed: mixSeeds(seed, t) });
    if (result.reached) found.push(result);
    if (t % 10 < 9 && t < targets.length - 1) continue;
    yield { found, done: (t + 1) / targets.length };
    found = [];
  }
}

/** The answer to a target that no thresholds can meet; null when some can. */
export function unreachable(
  trace: Trace,
  target: number,
  tolerance: number,
): PaperSearchResult | null {
  // The costs of traces of other programs may fall from one exit to the next.
  const costs = trace.exits.map(({ flops }) => flops / trace.networkFlops);
  const [cheapest, dearest] = [Math.min(...costs), Math.max(...costs)];
  if (target >= cheapest - tolerance && target <= dearest + tolerance) return null;
  const [bound, cost] = target < cheapest ? ['cheapest', cheapest] : ['dearest', dearest];
  return {
    reached: false,
    reason:
      `${target.toFixed(3)} of the FLOPs cannot be reached: the ${bound} policy costs ${cost.toFixed(3)}. ` +
      `Choose a target from ${cheapest.toFixed(3)} to ${dearest.toFixed(3)}.`,
  };
}

/** The answer when every component had its turn and the target was not met. */
export function missed(seed: number, target: number, nearest: number): PaperSearchResult {
  return {
    reached: false,
    reason:
      `No threshold vector found from seed ${seed} costs ${target.toFixed(3)} of the FLOPs; the nearest costs ` +
      `${nearest.toFixed(3)}. Many images may share one confidence: try another target or seed.`,
  };
}
