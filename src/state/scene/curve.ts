/** Accuracy–FLOPs curves: policies found on the tuning trace, drawn on test with the same thresholds. */
import type { Rule } from '../../core/policy.ts';
import { finished } from '../../core/pauses.ts';
import { replayBuffers, replaying } from '../../core/replay.ts';
import type { Tuned } from '../../core/search/coordinate.ts';
import {
  hullByWorth,
  worthOf,
  type Frontier,
  type FrontierPoint,
} from '../../core/search/frontier.ts';
import { exitOrder } from '../../core/search/order.ts';
import { ONE_PARAMETER_RULES } from '../../core/search/rules.ts';
import { sweep } from '../../core/search/sweep.ts';
import { accuracyAt, type Trace } from '../../core/trace.ts';
import type { SearchId } from '../../engine/searches.ts';
import { inSlices } from './turn.ts';

/** What found the policies of a curve: a search, a rule with one parameter, or the quick sweep. */
export type CurveId = SearchId;

export const curveIds: readonly CurveId[] = [
  'frontier',
  'class-aware',
  'tied',
  'paper',
  'sweep',
  ...ONE_PARAMETER_RULES.map(({ id }) => id),
];

export interface Curve {
  readonly id: CurveId;
  /** How confidences are held against thresholds. */
  readonly rule: Rule;
  /** Policies that no other one found here beats on the tuning trace, by rising cost: where the operating point can stand. */
  readonly stops: Frontier;
  /** Indices into `stops` of the upper convex hull on the tuning trace. */
  readonly hull: readonly number[];
  /** The same policies on test, same order as `stops`; null until there are test images. */
  readonly testStops: Frontier | null;
  /** Test images behind `testStops`. */
  readonly testCount: number;
  /** The stop a newcomer sees first. */
  readonly defaultStop: number;
  /** Policies tried so far. */
  readonly tried: number;
  /** Share of the search that is done, 0…1. */
  readonly done: number;
  /** Seconds that it has taken. */
  readonly seconds: number;
}

/** How far below the plain network's tuning accuracy the default operating point may lie. */
const DEFAULT_LOSS = 0.02;

/** A curve from whatever policies have been found so far. */
export function curveOf(
  id: CurveId,
  rule: Rule,
  tuning: Trace,
  found: readonly Tuned[],
  progress: Pick<Curve, 'done' | 'seconds'>,
): Curve {
  const stops = undominated(found);
  const onHull = new Set<FrontierPoint>(hullByWorth(stops));
  const plain = accuracyAt(tuning, tuning.exits.length - 1);
  const good = stops.findIndex((stop) => stop.accuracy >= plain - DEFAULT_LOSS);
  return {
    id,
    rule,
    stops,
    hull: stops.flatMap((stop, i) => (onHull.has(stop) ? [i] : [])),
    testStops: null,
    testCount: 0,
    defaultStop: good < 0 ? stops.length - 1 : good,
    tried: found.length,
    ...progress,
  };
}

/** Sweeps a tuning trace on the spot, giving way to the page between slices; null where the signal ended it before. */
export async function sweepCurve(
  tuning: Trace,
  rule: Rule,
  signal: AbortSignal,
): Promise<Curve | null> {
  const started = performance.now();
  const points = await inSlices(swept(tuning, rule), signal);
  return (
    points &&
    curveOf('sweep', rule, tuning, points, {
      done: 1,
      seconds: (performance.now() - started) / 1000,
    })
  );
}

/** All policies of a sweep, with a pause after each. */
function* swept(tuning: Trace, rule: Rule): Generator<undefined, Tuned[]> {
  const points: Tuned[] = [];
  for (const point of sweep(tuning, exitOrder(tuning, rule))) {
    points.push(point);
    yield;
  }
  return points;
}

/** Points that are dearer than all before them only by being worth more, by rising cost. */
export function undominated(points: readonly Tuned[]): Tuned[] {
  const sorted = [...points].sort((a, b) => a.cost - b.cost || worthOf(b) - worthOf(a));
  let best = -Infinity;
  return sorted.filter((point) => {
    if (worthOf(point) <= best) return false;
    best = worthOf(point);
    return true;
  });
}

/** Where thresholds fall on a trace, remembered: a growing curve replays only what is new. */
const replayed = new WeakMap<Trace, WeakMap<readonly number[], FrontierPoint>>();

/** Draws the stops of a curve on a test trace (the one that the rule works on). */
export const drawOn = (curve: Curve, test: Trace): Curve => finished(drawing(curve, test));

/** The same with pauses; what was drawn once is known. */
export function* drawing(curve: Curve, test: Trace): Generator<undefined, Curve> {
  const { rule, stops } = curve;
  const known = replayed.get(test) ?? new WeakMap<readonly number[], FrontierPoint>();
  replayed.set(test, known);
  const buffers = replayBuffers(test.count, test.exits.length);
  const testStops: FrontierPoint[] = [];
  for (const { thresholds } of stops) {
    let point = known.get(thresholds);
    if (!point) {
      const { accuracy, meanFlops } = yield* replaying(test, { rule, thresholds }, buffers);
      point = { cost: meanFlops / test.networkFlops, accuracy, thresholds };
      known.set(thresholds, point);
    }
    testStops.push(point);
  }
  return { ...curve, testStops, testCount: test.count };
}
