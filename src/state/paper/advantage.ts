/** "Up to 35 % better accuracy, or 50 % faster": what two curves say of it. */
import { heightAt } from '../../core/search/frontier.ts';
import type { CurvePoint } from '../../core/run-index.ts';

/** Points of a curve on test by rising cost; between two of them is time sharing. */
export type DrawnCurve = readonly CurvePoint[];

export interface Advantage {
  /** The most that the first is above all others, in points, and where. */
  readonly points: number;
  readonly pointsAt: number;
  /** The most that the first is above the best of the others, in percent of the other's accuracy, and where. */
  readonly percent: number;
  readonly percentAt: number;
  /** The most cost that the first saves at the same accuracy, in percent of the other's; null where no accuracy is common. */
  readonly faster: { readonly value: number; readonly accuracy: number } | null;
}

const STEPS = 400;
const grid: readonly number[] = Array.from({ length: STEPS }, (_, n) => (n + 1) / STEPS);

/**
 * Holds a curve against the best of others at every cost and every accuracy that both sides reach.
 * @param ours,others several curves of one method are runs that differ in their seed: their mean counts.
 * @returns null when there is nothing to hold it against.
 */
export function advantageOf(
  ours: readonly DrawnCurve[],
  others: readonly (readonly DrawnCurve[])[],
): Advantage | null {
  const rivals = others.filter((curves) => curves.length > 0);
  if (ours.length === 0 || rivals.length === 0) return null;
  const mine = grid.map((cost) => meanHeight(ours, cost));
  const best = grid.map((cost) => Math.max(...rivals.map((curves) => meanHeight(curves, cost))));
  const both = grid.flatMap((cost, n) =>
    mine[n]! > 0 && best[n]! > 0 ? [{ cost, mine: mine[n]!, best: best[n]! }] : [],
  );
  if (both.length === 0) return null;
  const points = greatest(both, (at) => 100 * (at.mine - at.best));
  const percent = greatest(both, (at) => 100 * (at.mine / at.best - 1));
  const met = reached(mine, best);
  const faster = met.length > 0 ? greatest(met, (at) => 100 * (1 - at.mine / at.best)) : null;
  return {
    points: points.value,
    pointsAt: points.at.cost,
    percent: percent.value,
    percentAt: percent.at.cost,
    faster: faster && { value: faster.value, accuracy: faster.at.accuracy },
  };
}

/**
 * Least costs of the two sides for every accuracy that both reach. Below the accuracy at which a curve begins there is
 * nothing to compare: leaving at its first exit gives more.
 */
function reached(
  mine: readonly number[],
  best: readonly number[],
): { accuracy: number; mine: number; best: number }[] {
  const costFor = (heights: readonly number[], accuracy: number): number | undefined =>
    grid[heights.findIndex((height) => height >= accuracy)];
  const begin = Math.max(...[mine, best].map((heights) => heights.find((height) => height > 0)!));
  return grid.flatMap((accuracy) => {
    if (accuracy < begin) return [];
    const [a, b] = [costFor(mine, accuracy), costFor(best, accuracy)];
    return a === undefined || b === undefined ? [] : [{ accuracy, mine: a, best: b }];
  });
}

/** Where a gain is greatest; the first place if nowhere. */
function greatest<Place extends object>(
  places: readonly Place[],
  gain: (place: Place) => number,
): { value: number; at: Place } {
  let at = places[0]!;
  for (const place of places) if (gain(place) > gain(at)) at = place;
  return { value: gain(at), at };
}

/** 0 where one of the curves does not reach down to the cost. */
function meanHeight(curves: readonly DrawnCurve[], cost: number): number {
  const heights = curves.map((curve) => heightAt(curve, cost));
  if (heights.some((height) => height === 0)) return 0;
  return heights.reduce((sum, height) => sum + height, 0) / heights.length;
}
