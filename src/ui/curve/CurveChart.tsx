import { memo, useMemo } from 'react';
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
import { dashes } from './curves.ts';
import { floorUnder, ticksFrom, type Lines, type OtherLine, type Point } from './lines.ts';
import { OperatingPoint } from './OperatingPoint.tsx';
import { useShown } from '../shared/scene.ts';

export interface CurveChartProps {
  readonly trace: Trace;
  readonly lines: Lines;
  readonly others: readonly OtherLine[];
  /** What the mark of the whole network is called. */
  readonly plainName: string;
  readonly onDrag: (cost: number) => void;
  readonly onRest: () => void;
}

/** Only the operating point follows a drag: Recharts takes more than a frame to draw everything anew. */
export const CurveChart = memo(function CurveChart(props: CurveChartProps) {
  const { trace, lines, others, plainName, onDrag, onRest } = props;
  const last = trace.exits.length - 1;
  const most = Math.max(1.05, relativeCost(trace, last) + 0.02);
  const plain = useMemo(() => ({ cost: 1, accuracy: accuracyAt(trace, last) }), [trace, last]);
  const lowest = Math.min(plain.accuracy, ...lines.hull.map((p) => p.accuracy));
  const floor = useShown(({ outcome }) => floorUnder(Math.min(lowest, outcome?.accuracy ?? 1)));
  return (
    <ResponsiveContainer width="100%" height={250} initialDimension={{ width: 400, height: 250 }}>
      <ScatterChart
        margin={{ top: 14, right: 14, bottom: 6, left: -14 }}
        accessibilityLayer={false}
      >
        <Axes most={most} floor={floor} plain={plain} />
        <Others others={others} />
        <Series lines={lines} plain={plain} plainName={plainName} />
        <OperatingPoint trace={trace} onDrag={onDrag} onRest={onRest} />
      </ScatterChart>
    </ResponsiveContainer>
  );
});

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
