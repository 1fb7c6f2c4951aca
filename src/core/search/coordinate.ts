/**
 * Coordinate ascent on accuracy − λ·cost over the thresholds of one trace.
 *
 * With every other threshold fixed, the best threshold of exit j is found exactly: sort the images that arrive at j
 * by confidence, add up what each of them gains by leaving now instead of going on, and cut at the largest sum. One
 * pass goes from the last exit to the first; no step lowers the objective, so the passes end in a point that no
 * single threshold can improve. Such a point need not be the best of all: see docs/thresholds.md.
 *
 * Where an exit has a threshold for each class that it predicts, its classes do not need each other: the images of each
 * are cut on their own, in the same pass. So are those whose two labels agree and those whose do not. Of two judges one is
 * cut after the other: given what the other lets go or keeps back, the images that are left for it are cut exactly.
 */
import { cellAt } from '../leaving.ts';
import { closedThreshold, openThreshold } from '../policy.ts';
import { othersThan, walker, type Lookup } from './lookup.ts';

/** Thresholds with what they give on the trace that they were tuned on. */
export interface Tuned {
  readonly thresholds: readonly number[];
  readonly cost: number;
  readonly accuracy: number;
  /**
   * What counts when policies are chosen: the accuracy, less what many thresholds may owe to the chance of the tuning
   * images. Missing where that is the accuracy.
   */
  readonly worth?: number;
}

export interface Ascent {
  /**
   * Climbs from `start` until a pass gains nothing, at most `passes` passes. A threshold that fewer than `fewest` images
   * arrive at has that of `start` in the end.
   */
  climb(start: readonly number[], lambda: number, passes?: number): Tuned;
  /** `start` with the best threshold at exit j, given the others. */
  cutOne(start: readonly number[], j: number, lambda: number): readonly number[];
  /**
   * Standard errors of what thresholds gain over others, in accuracy: √n of the images that only one of the two labels
   * right, summed over the cells (exit, predicted class) where their ways part.
   */
  readonly noise: (base: readonly number[], thresholds: readonly number[]) => number;
  /** What given thresholds are worth. */
  readonly measure: (thresholds: readonly number[]) => Tuned;
}

/** A pass must gain at least this share of the images to be followed by another. */
const PROGRESS = 2e-5;
/** A cut must gain more than rounding does. */
const ROUNDING = 1e-9;

/**
 * Buffers are shared by all climbs of one ascent: it is not re-entrant.
 * @param fewest images that arrive at a threshold, for it to be cut where they say; 0 cuts all.
 */
export function coordinateAscent(table: Lookup, fewest = 0): Ascent {
  const { rule, count, last, per, cell, isEither, starts, cost, right } = table;
  const { order, rankedConfidence, rankedRight } = table;
  const { eachMeeting, eachLeaving } = walker(table);
  /** First exit that lets image i go under the thresholds at the beginning of a pass. */
  const leaving = new Uint8Array(count);
  /** What image i is worth if it goes on past the exit in hand. */
  const onward = new Float64Array(count);
  /** Of two judges, whether the one that is not cut is met. */
  const isMet = new Uint8Array(cell === 'judge' ? count : 0);

  const locate = (thresholds: readonly number[]): void => {
    const { everybody, partly } = othersThan(table, thresholds, null);
    leaving.fill(everybody);
    for (const j of partly)
      eachLeaving(j, thresholds, (r) => {
        leaving[order[r]!] = j;
      });
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

  /** Cuts every threshold of exit j where it is best for those that arrive; of a few it takes that of `start`. */
  const cut = (j: number, lambda: number, thresholds: number[], start: readonly number[]): void => {
    for (let at = j * per; at < (j + 1) * per; at++) {
      if (cell === 'judge') {
        const other = at % 2 === 0 ? at + 1 : at - 1;
        isMet.fill(0);
        eachMeeting(other, thresholds[other]!, (r) => {
          isMet[order[r]!] = 1;
        });
      }
      thresholds[at] =
        fewest > 0 && arriving(j, at) < fewest
          ? start[at]!
          : bestThreshold(j, at, lambda, thresholds[at]!);
    }
  };

  /**
   * The best threshold for those that arrive at exit j; closed when letting anybody go gains nothing. Where nobody arrives
   * every threshold is as good: the old one says most about those who may yet come.
   */
  const bestThreshold = (j: number, at: number, lambda: number, old: number): number => {
    const price = lambda * cost[j]!;
    let sum = 0;
    let best = ROUNDING;
    let threshold = closedThreshold(rule);
    let before = NaN;
    const end = starts[at + 1]!;
    for (let r = starts[at]!; r < end; r++) {
      const i = order[r]!;
      if (leaving[i]! < j) continue;
      // The other judge alone lets it go, or keeps it back.
      if (cell === 'judge' && (isMet[i] === 1) === isEither) continue;
      const c = rankedConfidence[r]!;
      // A cut lies between two different confidences: ties leave together or stay together.
      if (c !== before && sum > best) {
        best = sum;
        threshold = between(before, c);
      }
      sum += rankedRight[r]! - price - onward[i]!;
      before = c;
    }
    if (Number.isNaN(before)) return old;
    return sum > best ? openThreshold(rule) : threshold;
  };

  /** What every image is worth if it goes on past exit j under thresholds later than j. */
  const valueOnward = (thresholds: readonly number[], j: number, lambda: number): void => {
    const end = last * count;
    for (let i = 0; i < count; i++) onward[i] = right[end + i]! - lambda * cost[last]!;
    for (let k = last - 1; k > j; k--) leaveAt(k, thresholds, lambda);
  };

  /** Those who would leave at exit j are worth what they get there, whether or not they arrive now. */
  const leaveAt = (j: number, thresholds: readonly number[], lambda: number): void => {
    const price = lambda * cost[j]!;
    eachLeaving(j, thresholds, (r) => {
      onward[order[r]!] = rankedRight[r]! - price;
    });
  };

  const cutOne: Ascent['cutOne'] = (start, j, lambda) => {
    locate(start);
    valueOnward(start, j, lambda);
    const thresholds = [...start];
    cut(j, lambda, thresholds, start);
    return thresholds;
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
      for (let j = last - 1; j >= 0; j--) {
        cut(j, lambda, thresholds, start);
        leaveAt(j, thresholds, lambda);
      }
    }
    if (fewest > 0) fallBack(thresholds, start);
    return measure(thresholds);
  };

  /** Gives back their first threshold to those that fewer than `fewest` images arrive at, as the others now stand. */
  const fallBack = (thresholds: number[], start: readonly number[]): void => {
    leaving.fill(last);
    for (let j = 0; j < last; j++) {
      for (let at = j * per; at < (j + 1) * per; at++)
        if (arriving(j, at) < fewest) thresholds[at] = start[at]!;
      eachLeaving(j, thresholds, (r) => {
        const i = order[r]!;
        if (leaving[i] === last) leaving[i] = j;
      });
    }
  };

  /** Images that arrive at threshold `at` of exit j, which those that an exit before lets go do not. */
  const arriving = (j: number, at: number): number => {
    let images = 0;
    for (let r = starts[at]!; r < starts[at + 1]!; r++) if (leaving[order[r]!]! >= j) images++;
    return images;
  };

  const noise: Ascent['noise'] = (base, thresholds) => {
    locate(base);
    const before = leaving.slice();
    locate(thresholds);
    const changed = new Uint32Array(last * per);
    for (let i = 0; i < count; i++) {
      const [from, to] = [before[i]!, leaving[i]!];
      if (right[from * count + i] === right[to * count + i]) continue;
      const exit = Math.min(from, to);
      const own = cell === 'judge' ? 0 : cellAt(table.trace, cell, exit * count + i);
      changed[exit * per + own]!++;
    }
    return changed.reduce((sum, n) => sum + Math.sqrt(n), 0) / Math.max(1, count);
  };

  return { climb, cutOne, noise, measure };
}

/** The number half-way, as a float32 where one lies between: it is written in fewer bytes. */
function between(a: number, b: number): number {
  const middle = (a + b) / 2;
  const short = Math.fround(middle);
  return short === a || short === b ? middle : short;
}
