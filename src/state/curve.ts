/** The accuracy–FLOPs curve: swept on train, drawn on test with the same thresholds. */
import type { Rule } from '../core/policy.ts';
import { accuracyAt, type Trace } from '../core/trace.ts';
import { replayFrontier, upperHull, type Frontier } from '../core/search/frontier.ts';
import { exitOrder } from '../core/search/order.ts';
import { sweep, type SweepPoint } from '../core/search/sweep.ts';

export interface Curve {
  readonly rule: Rule;
  /** Policies that no other swept policy beats on train, by rising cost: where the operating point can stand. */
  readonly stops: Frontier;
  /** Indices into `stops` of the upper convex hull on train. */
  readonly hull: readonly number[];
  /** The same policies on test, same order as `stops`; null until there are test images. */
  readonly testStops: Frontier | null;
  /** Test images behind `testStops`. */
  readonly testCount: number;
  /** The stop a newcomer sees first. */
  readonly defaultStop: number;
}

/** Milliseconds of sweeping between two frames. */
const SLICE = 6;

/** How far below the plain network's training accuracy the default operating point may lie. */
const DEFAULT_LOSS = 0.02;

/** Sweeps a training trace, giving way to the page between slices; null when it became stale. */
export async function sweepCurve(
  train: Trace,
  rule: Rule,
  stale: () => boolean,
): Promise<Curve | null> {
  const points: SweepPoint[] = [];
  let started = performance.now();
  for (const point of sweep(train, exitOrder(train, rule))) {
    points.push(point);
    if (performance.now() - started < SLICE) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (stale()) return null;
    started = performance.now();
  }
  const stops = undominated(points);
  const onHull = new Set(upperHull(stops));
  const plain = accuracyAt(train, train.exits.length - 1);
  const good = stops.findIndex((stop) => stop.accuracy >= plain - DEFAULT_LOSS);
  return {
    rule,
    stops,
    hull: stops.flatMap((stop, i) => (onHull.has(stop) ? [i] : [])),
    testStops: null,
    testCount: 0,
    defaultStop: good < 0 ? stops.length - 1 : good,
  };
}

/** Points that are dearer than all before them only by being more accurate, by rising cost. */
function undominated(points: readonly SweepPoint[]): SweepPoint[] {
  const sorted = [...points].sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy);
  let best = -1;
  return sorted.filter((point) => {
    if (point.accuracy <= best) return false;
    best = point.accuracy;
    return true;
  });
}

/** Draws the stops of a curve on a test trace. */
export function drawOn(curve: Curve, test: Trace): Curve {
  return {
    ...curve,
    testStops: replayFrontier(curve.stops, test, curve.rule),
    testCount: test.count,
  };
}
