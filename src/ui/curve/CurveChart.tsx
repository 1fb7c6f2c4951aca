import { memo, useMemo, type CSSProperties } from 'react';
import {
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  XAxis,
  YAxis,
} from 'recharts';
import { accuracyAt, relativeCost, type Trace } from '../../core/trace.ts';
import type { Curve, CurveId } from '../../state/scene/curve.ts';
import { useExplore } from '../../state/scene/shown.ts';
import { methodWords } from '../shared/methods.ts';
import { rightWords } from '../shared/rightWords.ts';
import { dashes, wordsOf } from './curves.ts';
import { OperatingPoint } from './OperatingPoint.tsx';

interface Point {
  readonly cost: number;
  readonly accuracy: number;
}

interface CurveChartProps {
  readonly trace: Trace;
  readonly curves: Readonly<Partial<Record<CurveId, Curve>>>;
  /** The curve on which the operating point stands. */
  readonly chosen: CurveId;
  readonly onDrag: (cost: number) => void;
  readonly onRest: () => void;
}

/**
 * A chart of the curve with the policy as a point that can be dragged along it. Only the point follows a drag: Recharts
 * takes more than a frame to draw everything anew.
 */
export const CurveChart = memo(function CurveChart(props: CurveChartProps) {
  const { trace, curves, chosen, onDrag, onRest } = props;
  const { name, hue } = methodWords(trace.method);
  const words = rightWords(trace);
  const last = trace.exits.length - 1;
  const most = Math.max(1.05, relativeCost(trace, last) + 0.02);
  const curve = curves[chosen] ?? null;
  const plain = useMemo(() => ({ cost: 1, accuracy: accuracyAt(trace, last) }), [trace, last]);
  const lines = useMemo(() => linesOf(trace, curve), [trace, curve]);
  const others = useMemo(() => othersOf(trace, curves, chosen), [trace, curves, chosen]);
  const lowest = Math.min(plain.accuracy, ...lines.hull.map((p) => p.accuracy));
  const floor = useExplore(({ outcome }) => floorUnder(Math.min(lowest, outcome?.accuracy ?? 1)));
  return (
    <figure
      className="curve"
      aria-label={`${words.accuracy === 'accuracy' ? 'Accuracy' : 'Agreement with DEC-large'} against relative FLOPs`}
      style={{ '--hue': hue } as CSSProperties}
    >
      <ResponsiveContainer width="100%" height={250} initialDimension={{ width: 400, height: 250 }}>
        <ScatterChart
          margin={{ top: 14, right: 14, bottom: 6, left: -14 }}
          accessibilityLayer={false}
        >
          <Axes most={most} floor={floor} plain={plain} />
          <Others others={others} />
          <Series lines={lines} plain={plain} plainName={words.plain} />
          <OperatingPoint trace={trace} onDrag={onDrag} onRest={onRest} />
        </ScatterChart>
      </ResponsiveContainer>
      <figcaption className="legend">
        <span>
          <svg width="18" height="8" aria-hidden="true">
            <circle cx="9" cy="4" r="3" fill="var(--hue)" />
          </svg>{' '}
          {name}, {wordsOf(chosen).name.toLowerCase()}: one policy each
        </span>
        <span>
          <LineMark width={2} /> time sharing of two
        </span>
        {others.map(({ id }) => (
          <span key={id}>
            <LineMark width={1.4} dash={dashes[id]} stroke="var(--muted)" />{' '}
            {wordsOf(id).name.toLowerCase()}
          </span>
        ))}
        {lines.train.length > 0 && (
          <span>
            <LineMark width={1.5} dash="4 3" /> where they were chosen
          </span>
        )}
      </figcaption>
    </figure>
  );
});

interface LineMarkProps {
  readonly width: number;
  readonly dash?: string | undefined;
  readonly stroke?: string;
}

/** A line of the legend; drawn, so that it can be taken away with the figure. */
function LineMark({ width, dash, stroke = 'var(--hue)' }: LineMarkProps) {
  return (
    <svg width="18" height="6" aria-hidden="true">
      <line x2="18" y1="3" y2="3" stroke={stroke} strokeWidth={width} strokeDasharray={dash} />
    </svg>
  );
}

/** The next lower tenth, with some room. */
function floorUnder(accuracy: number): number {
  return Math.max(0, Math.floor(accuracy * 10 - 0.5) / 10);
}

interface Lines {
  readonly hull: readonly Point[];
  readonly stops: readonly Point[];
  readonly train: readonly Point[];
}

/** On test the hull's policies are drawn where they fall there: never chosen again. */
function linesOf(trace: Trace, curve: Curve | null): Lines {
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

/** Every 5 or 10 percent, at most eight of them. */
function ticksFrom(floor: number): number[] {
  const step = 1 - floor <= 0.4 ? 0.05 : 0.1;
  const n = Math.round((1 - floor) / step);
  return Array.from({ length: n + 1 }, (_, i) => 1 - i * step).reverse();
}

interface OtherLine {
  readonly id: CurveId;
  readonly points: readonly Point[];
}

/** Hulls of the curves beside the chosen one, on the split on screen; the quick sweep steps back once it has company. */
function othersOf(trace: Trace, curves: CurveChartProps['curves'], chosen: CurveId): OtherLine[] {
  return Object.values(curves)
    .filter(({ id }) => id !== chosen && id !== 'sweep')
    .map((curve) => {
      const points = trace.split === 'test' && curve.testStops ? curve.testStops : curve.stops;
      return { id: curve.id, points: curve.hull.map((i) => points[i]!) };
    });
}

const Others = memo(function Others({ others }: { others: readonly OtherLine[] }) {
  return others.map(({ id, points }) => (
    <Scatter
      key={id}
      isAnimationActive={false}
      data={points as Point[]}
      line={{ stroke: 'var(--muted)', strokeWidth: 1.4, strokeDasharray: dashes[id] }}
      shape={() => <g />}
    />
  ));
});

const axis = { stroke: 'var(--line)', tick: { fill: 'var(--muted)', fontSize: 11 } };

const Axes = memo(function Axes({
  most,
  floor,
  plain,
}: {
  most: number;
  floor: number;
  plain: Point;
}) {
  return (
    <>
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        type="number"
        dataKey="cost"
        domain={[0, most]}
        ticks={[0, 0.25, 0.5, 0.75, 1]}
        tickFormatter={(value: number) => `${value}`}
        allowDataOverflow
        {...axis}
      />
      <YAxis
        type="number"
        dataKey="accuracy"
        domain={[floor, 1]}
        ticks={ticksFrom(floor)}
        tickFormatter={(value: number) => `${Math.round(value * 100)} %`}
        allowDataOverflow
        {...axis}
      />
      <ReferenceLine y={plain.accuracy} stroke="var(--muted)" strokeDasharray="2 4" />
    </>
  );
});

interface SeriesProps {
  readonly lines: Lines;
  readonly plain: Point;
  readonly plainName: string;
}

const Series = memo(function Series({ lines, plain, plainName }: SeriesProps) {
  const still = { isAnimationActive: false } as const;
  return (
    <>
      <Scatter
        {...still}
        data={lines.train as Point[]}
        line={{ stroke: 'var(--hue)', strokeWidth: 1.2, strokeDasharray: '4 3', opacity: 0.55 }}
        shape={() => <g />}
      />
      <Scatter {...still} data={lines.stops as Point[]} shape={dot(1.6, 0.4)} />
      <Scatter
        {...still}
        data={lines.hull as Point[]}
        line={{ stroke: 'var(--hue)', strokeWidth: 2 }}
        shape={dot(2.8, 1)}
      />
      <Scatter {...still} data={[plain]} shape={plainMark(plainName)} />
    </>
  );
});

interface Placed {
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
}

function dot(radius: number, opacity: number) {
  return function Dot({ cx = 0, cy = 0 }: Placed) {
    return <circle cx={cx} cy={cy} r={radius} fill="var(--hue)" opacity={opacity} />;
  };
}

function plainMark(name: string) {
  return function PlainMark({ cx = 0, cy = 0 }: Placed) {
    return (
      <g fill="var(--ink)">
        <rect x={cx - 4} y={cy - 4} width={8} height={8} transform={`rotate(45 ${cx} ${cy})`} />
        <text x={cx + 6} y={cy + 20} textAnchor="end" fontSize={11}>
          {name}
        </text>
      </g>
    );
  };
}
