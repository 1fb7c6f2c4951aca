/**
 * Coordinate ascent on accuracy − λ·cost over the thresholds of one trace.
 *
 * With every other threshold fixed, the best threshold of exit j is found exactly: sort the images that arrive at j
 * by confidence, add up what each of them gains by leaving now instead of going on, and cut at the largest sum. One
 * pass goes from the last exit to the first; no step lowers the objective, so the passes end in a point that no
 * single threshold can improve. Such a point need not be the best of all: see docs/thresholds.md.
 */
import { closedThreshold, openThreshold, strictly } from '../policy.ts';
import { othersThan, type Lookup } from './lookup.ts';

/** Thresholds with what they give on the trace that they were tuned on. */
export interface Tuned {
  readonly thresholds: readonly number[];
  readonly cost: number;
  readonly accuracy: number;
}

export interface Ascent {
  /** Climbs from `start` until a pass gains nothing, at most `passes` passes. */
  climb(start: readonly number[], lambda: number, passes?: number): Tuned;
  /** `start` with the best threshold at exit j, given the others. */
  cutOne(start: readonly number[], j: number, lambda: number): readonly number[];
  /** What given thresholds are worth. */
  readonly measure: (thresholds: readonly number[]) => Tuned;
}

/** A pass must gain at least this share of the images to be followed by another. */
const PROGRESS = 2e-5;
/** A cut must gain more than rounding does. */
const ROUNDING = 1e-9;

/** Buffers are shared by all climbs of one ascent: it is not re-entrant. */
export function coordinateAscent(table: Lookup): Ascent {
  const { rule, count, last, cost, right, order, rankedConfidence, rankedRight } = table;
  /** First exit that lets image i go under the thresholds at the beginning of a pass. */
  const leaving = new Uint8Array(count);
  /** What image i is worth if it goes on past the exit in hand. */
  const onward = new Float64Array(count);

  const locate = (thresholds: readonly number[]): void => {
    const { everybody, partly } = othersThan(table, thresholds, null);
    leaving.fill(everybody);
    for (const j of partly) {
      const { sign, bound } = strictly(rule, thresholds[j]!);
      for (let r = j * count; r < (j + 1) * count; r++) {
        if (!(sign * rankedConfidence[r]! > bound)) break;
        leaving[order[r]!] = j;
      }
    }
  };

  const measure: Ascent['measure'] = (thresholds) => {
    locate(thresholds);
    let hits = 0;
    let spent = 0;
    for (let i = 0; i < count; i++) {
      const j = leaving[i]!;
      hits += right[j * count + i]!;
      spent += cost[j]!;
    }
    const n = Math.max(1, count);
    return { thresholds, cost: spent / n, accuracy: hits / n };
  };

  /** The best threshold of exit j for those that arrive; closed when letting anybody go gains nothing. */
  const bestThreshold = (j: number, lambda: number): number => {
    const from = j * count;
    const price = lambda * cost[j]!;
    let sum = 0;
    let best = ROUNDING;
    let threshold = closedThreshold(rule);
    let before = NaN;
    for (let r = from; r < from + count; r++) {
      const i = order[r]!;
      if (leaving[i]! < j) continue;
      const c = rankedConfidence[r]!;
      // A cut lies between two different confidences: ties leave together or stay together.
      if (c !== before && sum > best) {
        best = sum;
        threshold = (before + c) / 2;
      }
      sum += rankedRight[r]! - price - onward[i]!;
      before = c;
    }
    return sum > best ? openThreshold(rule) : threshold;
  };

  /** What every image is worth if it goes on past exit j under thresholds later than j. */
  const valueOnward = (thresholds: readonly number[], j: number, lambda: number): void => {
    const end = last * count;
    for (let i = 0; i < count; i++) onward[i] = right[end + i]! - lambda * cost[last]!;
    for (let k = last - 1; k > j; k--) leaveAt(k, thresholds[k]!, lambda);
  };

  /** Those who would leave at exit j are worth what they get there, whether or not they arrive now. */
  const leaveAt = (j: number, threshold: number, lambda: number): void => {
    const { sign, bound } = strictly(rule, threshold);
    const price = lambda * cost[j]!;
    for (let r = j * count; r < (j + 1) * count; r++) {
      if (!(sign * rankedConfidence[r]! > bound)) break;
      onward[order[r]!] = rankedRight[r]! - price;
    }
  };

  const cutOne: Ascent['cutOne'] = (start, j, lambda) => {
    locate(start);
    valueOnward(start, j, lambda);
    return start.with(j, bestThreshold(j, lambda));
  };

  const climb: Ascent['climb'] = (start, lambda, passes = 12) => {
    const thresholds = [...start];
    let before = -Infinity;
    for (let pass = 0; pass < passes; pass++) {
      locate(thresholds);
      let value = 0;
      for (let i = 0; i < count; i++) {
        const j = leaving[i]!;
        value += right[j * count + i]! - lambda * cost[j]!;
      }
      if (value <= before + PROGRESS * count) break;
      before = value;
      valueOnward(thresholds, last, lambda);
      const arriving = arrivalsOf(leaving, last);
      for (let j = last - 1; j >= 0; j--) {
        // Where nobody arrives every threshold is as good: the old one says most about those who may yet come.
        if (arriving[j]! > 0) thresholds[j] = bestThreshold(j, lambda);
        leaveAt(j, thresholds[j]!, lambda);
      }
    }
    return measure(thresholds);
  };

  return { climb, cutOne, measure };
}

/** How many images arrive at each exit. */
function arrivalsOf(leaving: Uint8Array, last: number): Uint32Array {
  const arriving = new Uint32Array(last + 2);
  for (const exit of leaving) arriving[exit]!++;
  for (let j = last - 1; j >= 0; j--) arriving[j]! += arriving[j + 1]!;
  return arriving;
}
