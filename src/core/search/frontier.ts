/** Points of an accuracy–FLOPs curve with the thresholds that give them, and their upper convex hull. */
import type { Policy } from '../policy.ts';
import { replay, replayBuffers } from '../replay.ts';
import type { Trace } from '../trace.ts';

export interface FrontierPoint {
  /** Mean FLOPs an image relative to the plain network. */
  readonly cost: number;
  readonly accuracy: number;
  readonly thresholds: readonly number[];
}

interface Height {
  readonly cost: number;
  readonly accuracy: number;
}

/** Points in order of rising cost. */
export type Frontier = readonly FrontierPoint[];

/**
 * The upper convex hull of points in the (cost, accuracy) plane, from the cheapest point to the most accurate one,
 * accuracy strictly rising. What lies between two of its points is time sharing, not a policy.
 * Andrew's monotone chain, O(n log n).
 */
export function upperHull<Point extends { cost: number; accuracy: number }>(
  points: readonly Point[],
): Point[] {
  const sorted = [...points].sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy);
  const hull: Point[] = [];
  for (const point of sorted) {
    const top = hull.at(-1);
    if (top && point.accuracy <= top.accuracy) continue;
    while (hull.length >= 2 && turn(hull.at(-2)!, hull.at(-1)!, point) >= 0) hull.pop();
    hull.push(point);
  }
  return hull;
}

/** Accuracy per relative FLOPs from one point to a dearer one. */
export function slope(a: Height, b: Height): number {
  return (b.accuracy - a.accuracy) / (b.cost - a.cost);
}

/** The λ under which a point of a hull is among the best: the slopes of the lines to its neighbours. */
export function slopesBeside(hull: readonly Height[], n: number): number[] {
  const [before, point, after] = [hull[n - 1], hull[n]!, hull[n + 1]];
  return [...(before ? [slope(before, point)] : []), ...(after ? [slope(point, after)] : [])];
}

/** What a policy counts for when policies are chosen. */
export const worthOf = ({ accuracy, worth = accuracy }: Height & { worth?: number }): number =>
  worth;

/** The upper hull by what policies are worth, where that is less than their accuracy on the tuning trace. */
export function hullByWorth<Point extends { cost: number; accuracy: number; worth?: number }>(
  points: readonly Point[],
): Point[] {
  const valued = points.map((point) => ({
    point,
    cost: point.cost,
    accuracy: worthOf(point),
  }));
  return upperHull(valued).map(({ point }) => point);
}

/**
 * Accuracy of a hull at a cost, time sharing between its points: 0 below its cheapest point, and that of its last
 * point beyond it.
 */
export function heightAt(
  hull: readonly { readonly cost: number; readonly accuracy: number }[],
  cost: number,
): number {
  let height = 0;
  for (const [n, point] of hull.entries()) {
    if (point.cost <= cost) {
      height = point.accuracy;
      continue;
    }
    const before = hull[n - 1];
    if (!before) return 0;
    return (
      before.accuracy +
      ((cost - before.cost) / (point.cost - before.cost)) * (point.accuracy - before.accuracy)
    );
  }
  return height;
}

/** Mean height of a hull over the costs from 0 to 1: the area under it. */
export function areaUnder(
  hull: readonly { readonly cost: number; readonly accuracy: number }[],
  steps = 1000,
): number {
  let sum = 0;
  for (let n = 0; n < steps; n++) sum += heightAt(hull, (n + 0.5) / steps);
  return sum / steps;
}

/** Positive when b lies below the line from a to c. */
function turn(
  a: { cost: number; accuracy: number },
  b: { cost: number; accuracy: number },
  c: { cost: number; accuracy: number },
): number {
  return (
    (b.cost - a.cost) * (c.accuracy - a.accuracy) - (b.accuracy - a.accuracy) * (c.cost - a.cost)
  );
}

/** The same thresholds on another split: vectors are chosen on one trace and drawn on another (§4.1), never re-chosen. */
export function replayFrontier(frontier: Frontier, trace: Trace, rule: Policy['rule']): Frontier {
  const buffers = replayBuffers(trace.count, trace.exits.length);
  return frontier.map(({ thresholds }) => {
    const outcome = replay(trace, { rule, thresholds }, buffers);
    return {
      cost: outcome.meanFlops / trace.networkFlops,
      accuracy: outcome.accuracy,
      thresholds,
    };
  });
}

/** Index of the point whose cost is nearest to `cost`. */
export function nearestByCost(frontier: Frontier, cost: number): number {
  let best = 0;
  frontier.forEach((point, i) => {
    if (Math.abs(point.cost - cost) < Math.abs(frontier[best]!.cost - cost)) best = i;
  });
  return best;
}
