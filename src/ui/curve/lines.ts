/** What the chart of a curve draws: policies as points, hulls as lines. */
import type { Trace } from '../../core/trace.ts';
import type { Curve, CurveId } from '../../state/scene/curve.ts';

export interface Point {
  /** Relative FLOPs. */
  readonly cost: number;
  readonly accuracy: number;
}

export type Curves = Readonly<Partial<Record<CurveId, Curve>>>;

export interface Lines {
  readonly hull: readonly Point[];
  readonly stops: readonly Point[];
  readonly train: readonly Point[];
}

/** On test the hull's policies are drawn where they fall there: never chosen again. */
export function linesOf(trace: Trace, curve: Curve | null): Lines {
  if (!curve) return { hull: [], stops: [], train: [] };
  const onTest = trace.split === 'test' && curve.testStops !== null;
  const stops = onTest ? curve.testStops : curve.stops;
  const hullOf = (points: readonly Point[]): Point[] => curve.hull.map((i) => points[i]!);
  return {
    hull: hullOf(stops),
    stops,
    train: onTest ? hullOf(curve.stops) : [],
  };
}

export interface OtherLine {
  readonly id: CurveId;
  readonly points: readonly Point[];
}

/** Hulls of the curves beside the chosen one, on the split on screen; the quick sweep steps back once it has company. */
export function othersOf(trace: Trace, curves: Curves, chosen: CurveId): OtherLine[] {
  return Object.values(curves)
    .filter(({ id }) => id !== chosen && id !== 'sweep')
    .map((curve) => {
      const points = trace.split === 'test' && curve.testStops ? curve.testStops : curve.stops;
      return { id: curve.id, points: curve.hull.map((i) => points[i]!) };
    });
}

/** The next lower tenth, with some room. */
export function floorUnder(accuracy: number): number {
  return Math.max(0, Math.floor(accuracy * 10 - 0.5) / 10);
}

/** Every 5 or 10 percent, at most eight of them. */
export function ticksFrom(floor: number): number[] {
  const step = 1 - floor <= 0.4 ? 0.05 : 0.1;
  const n = Math.round((1 - floor) / step);
  return Array.from({ length: n + 1 }, (_, i) => 1 - i * step).reverse();
}
