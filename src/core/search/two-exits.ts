/**
 * Policies that use two exits only: exit i lets the surest go and exit j takes everybody else. All cuts of i are seen
 * at once, since cost and accuracy are prefix sums in order of confidence, so the hull of the family is exact. It
 * covers the cheap end of a curve, where a few images that go on are worth a steep slope.
 */
import { closedThreshold, openThreshold } from '../policy.ts';
import type { Tuned } from './coordinate.ts';
import type { Lookup } from './lookup.ts';

/** The upper hull of all cuts of exit i with exit j > i behind it, by rising cost. O(N). */
export function twoExitHull(table: Lookup, i: number, j: number): Tuned[] {
  const { rule, count, last, cost, right, order, rankedConfidence, rankedRight } = table;
  const from = i * count;
  // hits[n]: images labelled right when the n surest leave at i and the others at j.
  let hits = 0;
  for (let image = 0; image < count; image++) hits += right[j * count + image]!;
  const cuts: { n: number; hits: number }[] = [];
  const add = (n: number): void => {
    // Letting one more go makes every policy cheaper by the same amount, so the hull over n is the hull over cost.
    while (cuts.length >= 2) {
      const [a, b] = [cuts.at(-2)!, cuts.at(-1)!];
      if ((b.n - a.n) * (hits - a.hits) < (b.hits - a.hits) * (n - a.n)) break;
      cuts.pop();
    }
    cuts.push({ n, hits });
  };
  add(0);
  for (let r = 0; r < count; r++) {
    hits += rankedRight[from + r]! - right[j * count + order[from + r]!]!;
    const isCut = r + 1 === count || rankedConfidence[from + r] !== rankedConfidence[from + r + 1];
    if (isCut) add(r + 1);
  }
  const thresholdAfter = (n: number): number => {
    if (n === 0) return closedThreshold(rule);
    if (n === count) return openThreshold(rule);
    return (rankedConfidence[from + n - 1]! + rankedConfidence[from + n]!) / 2;
  };
  return cuts
    .map(({ n, hits: right }) => {
      const thresholds = new Array<number>(last).fill(closedThreshold(rule));
      thresholds[i] = thresholdAfter(n);
      if (j < last) thresholds[j] = openThreshold(rule);
      return {
        thresholds,
        cost: (n * cost[i]! + (count - n) * cost[j]!) / count,
        accuracy: right / count,
      };
    })
    .reverse();
}

/** The pairs that matter at the ends of a curve: the first exit with any other, and any with the last. */
export function* endPairs(last: number): Generator<readonly [number, number]> {
  for (let j = 1; j <= last; j++) yield [0, j];
  for (let i = 1; i < last; i++) yield [i, last];
}
