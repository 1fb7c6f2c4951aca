/**
 * Thresholds in an exit's own quantiles. Max-softmax over normalised distances hardly leaves its floor 1/K
 * (0.105–0.12 for ten classes at early exits), so a control that is linear in T is useless; one that is linear
 * in the share of the arriving images that leaves is not.
 */
import { cellAt } from './leaving.ts';
import { pairingOf } from './pairing.ts';
import {
  cellOf,
  closedThreshold,
  leaves,
  openThreshold,
  sense,
  strictly,
  thresholdsOf,
  withThresholds,
  type Cell,
  type Policy,
  type Rule,
} from './policy.ts';
import { finished } from './pauses.ts';
import { rankOf } from './ranks.ts';
import type { Outcome } from './replay.ts';
import { select } from './select.ts';
import type { Trace } from './trace.ts';

/** Confidences of the images that arrive at an exit. */
export interface Arrivals {
  readonly rule: Rule;
  /** In any order, and in another one after a threshold was chosen. */
  readonly confidence: Float32Array | Float64Array;
}

/** One of the thresholds of an exit that has several. */
export interface OneOf {
  readonly cell: Cell;
  readonly which: number;
}

/**
 * The images that arrive at exit `j` under an outcome.
 * @param only those that one threshold is for; of one judge all, by its own confidence.
 */
export function arrivals(
  trace: Trace,
  outcome: Outcome,
  j: number,
  rule: Rule,
  only?: OneOf,
): Arrivals {
  const { count } = trace;
  const isSecond = only?.cell === 'judge' && only.which === 1;
  const { confidence } = isSecond ? trace.second! : trace;
  const here = new Float32Array(count);
  let n = 0;
  for (let at = j * count, i = 0; i < count; i++, at++) {
    const isMeant = !only || only.cell === 'judge' || cellAt(trace, only.cell, at) === only.which;
    if (isMeant && outcome.exitOf[i]! >= j) here[n++] = confidence[at]!;
  }
  return { rule, confidence: here.subarray(0, n) };
}

/** The thresholds of one exit as they move together: by one amount that is added to each. */
interface Together {
  /** How far each image that arrives is beyond what it is held against. */
  readonly arriving: Arrivals;
  /** Every threshold when that amount is `shift`. */
  readonly moved: (shift: number) => readonly number[];
}

/**
 * The cells of an exit, moved together. One that is closed or open stands at its first or last arriving image, so that it
 * goes along; one whose images do not arrive stays as far from the others as it was, or closed or open.
 */
function cellsTogether(
  trace: Trace,
  outcome: Outcome,
  j: number,
  policy: Policy,
  cell: 'class' | 'label',
): Together {
  const { rule } = policy;
  const own = thresholdsOf(policy, trace, j).map((threshold, which) =>
    Number.isFinite(threshold)
      ? threshold
      : standing(arrivals(trace, outcome, j, rule, { cell, which }), threshold),
  );
  const { count, confidence } = trace;
  const here = new Float64Array(count);
  let n = 0;
  for (let at = j * count, i = 0; i < count; i++, at++)
    if (outcome.exitOf[i]! >= j) here[n++] = confidence[at]! - own[cellAt(trace, cell, at)]!;
  return {
    arriving: { rule, confidence: here.subarray(0, n) },
    moved: (shift) =>
      Number.isFinite(shift) ? own.map((threshold) => threshold + shift) : own.map(() => shift),
  };
}

/**
 * Both judges' thresholds, moved together by their ranks among the images that arrive: their confidences have no scale in
 * common. A judge that is not asked stays so: one whose threshold all meet where both must be met, or none where one is
 * enough; unless neither is asked, then both begin there.
 */
function judgesTogether(trace: Trace, outcome: Outcome, j: number, policy: Policy): Together {
  const { rule } = policy;
  const isEither = pairingOf(trace) === 'or';
  const unasked = isEither ? closedThreshold(rule) : openThreshold(rule);
  const own = thresholdsOf(policy, trace, j);
  const sorted = [0, 1].map((which) =>
    Float32Array.from(
      arrivals(trace, outcome, j, rule, { cell: 'judge', which }).confidence,
    ).sort(),
  );
  const isAnyAsked = own.some((threshold) => threshold !== unasked);
  const asked = [0, 1].filter((n) => !isAnyAsked || own[n] !== unasked);
  const standsAt = own.map((threshold, n) => {
    if (!Number.isFinite(threshold)) return threshold === openThreshold(rule) ? 0 : 1;
    const all = sorted[n]!;
    const meeting = all.filter((confidence) => leaves(rule, confidence, threshold)).length;
    // The rank of the least sure image that meets it.
    return 1 - (meeting - 1) / Math.max(1, all.length);
  });
  const { count } = trace;
  const here = new Float64Array(count);
  let n = 0;
  for (let at = j * count, i = 0; i < count; i++, at++) {
    if (outcome.exitOf[i]! < j) continue;
    const beyond = asked.map((one) => {
      const { confidence } = one === 0 ? trace : trace.second!;
      return rankOf(sorted[one]!, confidence[at]!) - standsAt[one]!;
    });
    here[n++] = isEither ? Math.max(...beyond) : Math.min(...beyond);
  }
  return {
    arriving: { rule, confidence: here.subarray(0, n) },
    moved: (shift) =>
      own.map((threshold, one) => {
        if (!asked.includes(one)) return threshold;
        return Number.isFinite(shift) ? reaching(sorted[one]!, standsAt[one]!, shift) : shift;
      }),
  };
}

/** The least of the sorted confidences whose rank is beyond another by a shift; Infinity where none is. */
function reaching(sorted: Float32Array, from: number, shift: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rankOf(sorted, sorted[middle]!) - from >= shift) high = middle;
    else low = middle + 1;
  }
  return sorted[low] ?? Infinity;
}

/**
 * The policy under which exit `j` has another threshold; where it has several they move together.
 * @param choose a threshold, or of several a shift, from the images that arrive.
 */
export function policyMoved(
  trace: Trace,
  outcome: Outcome,
  policy: Policy,
  j: number,
  choose: (arriving: Arrivals) => number,
): Policy {
  const cell = cellOf(policy.thresholds, trace);
  if (cell === 'exit' || cell === null)
    return withThresholds(policy, j, [choose(arrivals(trace, outcome, j, policy.rule))]);
  const { arriving, moved } =
    cell === 'judge'
      ? judgesTogether(trace, outcome, j, policy)
      : cellsTogether(trace, outcome, j, policy, cell);
  return withThresholds(policy, j, moved(choose(arriving)));
}

/** Where a threshold that is closed or open would let the same images go and be a number. */
function standing(arriving: Arrivals, threshold: number): number {
  const { rule, confidence } = arriving;
  if (confidence.length === 0) return threshold;
  return threshold === closedThreshold(rule)
    ? justClosed(rule, eagerAt(arriving, 0))
    : justOpen(rule, eagerAt(arriving, confidence.length - 1));
}

/** The confidence of the `n`-th most eager of the arrivals, which are less eager behind it and more eager before. */
function eagerAt({ rule, confidence }: Arrivals, n: number): number {
  return select(confidence, sense(rule).sign > 0 ? confidence.length - 1 - n : n);
}

/** How many of the arrivals leave under threshold T, of sorted ones, most eager first. Binary search, O(log n). */
export function leavingCount({ rule, confidence }: Arrivals, threshold: number): number {
  let low = 0;
  let high = confidence.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (leaves(rule, confidence[middle]!, threshold)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A threshold under which `n` of the arrivals leave — or, where ties make that impossible, the nearest number
 * not above `n` (ties leave together or stay together). O(arrivals): nothing is sorted.
 */
export function thresholdForCount(arriving: Arrivals, n: number): number {
  const { rule, confidence } = arriving;
  const total = confidence.length;
  if (n <= 0) return total === 0 ? closedThreshold(rule) : justClosed(rule, eagerAt(arriving, 0));
  if (n >= total) return openThreshold(rule);
  const stays = eagerAt(arriving, Math.floor(n));
  const { sign } = sense(rule);
  // The least eager of those that are more eager than that one: they are all on its one side.
  let leaving = sign * Infinity;
  let isAny = false;
  const at = sign > 0 ? total - 1 - Math.floor(n) : Math.floor(n);
  const [from, to] = sign > 0 ? [at + 1, total] : [0, at];
  for (let a = from; a < to; a++) {
    const one = confidence[a]!;
    if (sign * one <= sign * stays) continue;
    isAny = true;
    if (sign * one < sign * leaving) leaving = one;
  }
  return isAny ? between(leaving, stays) : justClosed(rule, stays);
}

/** The same for sorted arrivals, most eager first: O(ties), nothing is moved. */
export function thresholdInOrder({ rule, confidence }: Arrivals, n: number): number {
  const total = confidence.length;
  if (n <= 0) return total === 0 ? closedThreshold(rule) : justClosed(rule, confidence[0]!);
  if (n >= total) return openThreshold(rule);
  const stays = confidence[Math.floor(n)]!;
  let last = Math.floor(n) - 1;
  while (last >= 0 && confidence[last] === stays) last--;
  return last < 0 ? justClosed(rule, stays) : between(confidence[last]!, stays);
}

/** A threshold under which about `share` (0…1) of the arrivals leave. */
export function thresholdForShare(arriving: Arrivals, share: number): number {
  if (share <= 0) return closedThreshold(arriving.rule);
  return thresholdForCount(arriving, Math.round(share * arriving.confidence.length));
}

/** Number of images that arrive at each exit. */
export function arrivingCounts({ exitOf, leaving }: Outcome): number[] {
  const counts: number[] = [];
  let arriving = exitOf.length;
  for (const here of leaving) {
    counts.push(arriving);
    arriving -= here;
  }
  return counts;
}

/** Share of arriving images that leaves at each exit but the last; 0 where nobody arrives. */
export function leavingShares(outcome: Outcome): number[] {
  return arrivingCounts(outcome)
    .slice(0, -1)
    .map((arriving, j) => (arriving === 0 ? 0 : outcome.leaving[j]! / arriving));
}

/** The policy that lets share q_j of the images that arrive at each exit leave there, exit after exit. */
export function policyForShares(trace: Trace, rule: Rule, shares: readonly number[]): Policy {
  return finished(policyExitByExit(trace, rule, shares));
}

/** The same with a pause after each exit, for whoever must not be kept by a large trace: up to a millisecond an exit. */
export function* policyExitByExit(
  trace: Trace,
  rule: Rule,
  shares: readonly number[],
): Generator<undefined, Policy> {
  const last = trace.exits.length - 1;
  if (shares.length !== last)
    throw new Error(`${shares.length} shares for ${trace.exits.length} exits; expected ${last}.`);
  const { count, confidence } = trace;
  const driving = new Uint32Array(count);
  for (let i = 0; i < count; i++) driving[i] = i;
  let arriving = count;
  const thresholds: number[] = [];
  const here = new Float32Array(count);
  for (let j = 0; j < last; j++) {
    for (let a = 0; a < arriving; a++) here[a] = confidence[j * count + driving[a]!]!;
    const threshold = thresholdForShare({ rule, confidence: here.slice(0, arriving) }, shares[j]!);
    thresholds.push(threshold);
    const { sign, bound } = strictly(rule, threshold);
    let stay = 0;
    for (let a = 0; a < arriving; a++) {
      if (!(sign * here[a]! > bound)) driving[stay++] = driving[a]!;
    }
    arriving = stay;
    yield undefined;
  }
  return { rule, thresholds };
}

/** A number between two neighbours that neither rule confuses with either of them. */
function between(a: number, b: number): number {
  return (a + b) / 2;
}

/**
 * A threshold at which the most eager image just stays. Beyond its confidence by more than the same run differs from
 * itself: workers share the images anew each time, and sums of floats depend on their order.
 */
function justClosed(rule: Rule, eager: number): number {
  return eager + sense(rule).sign * marginOf(eager);
}

/** A threshold at which the least eager image just leaves. */
function justOpen(rule: Rule, reluctant: number): number {
  return reluctant - sense(rule).sign * marginOf(reluctant);
}

const marginOf = (confidence: number): number => Math.abs(confidence) * 1e-5 + Number.MIN_VALUE;
