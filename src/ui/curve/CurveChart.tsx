import { memo, useId, useMemo } from 'react';
import {
  LineChart,
  ResponsiveContainer,
  XAxis,
  YAxis,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
} from 'recharts';
import { accuracyAt, relativeCost, type Trace } from '../../core/trace.ts';
import { dashOf } from './curves.ts';
import { IdealMarks } from './IdealMarks.tsx';
import { floorUnder, ticksFrom, type Lines, type OtherLine, type Point } from './lines.ts';
import { OperatingPoint } from './OperatingPoint.tsx';
import { useShown } from '../shared/scene.ts';
import { useReached } from '../shared/useGradually.ts';

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
  // Recharts lays out the page and draws itself anew when it is mounted, and again for its axes: a turn each.
  const parts = useReached(2, 0, 1);
  const floor = useShown(({ outcome }) => floorUnder(Math.min(lowest, outcome?.accuracy ?? 1)));
  return (
    <ResponsiveContainer width="100%" height={250} initialDimension={{ width: 400, height: 250 }}>
      <LineChart margin={{ top: 14, right: 14, bottom: 6, left: -14 }} accessibilityLayer={false}>
        {parts > 0 && <Axes most={most} floor={floor} plain={plain} />}
        {parts > 1 && (
          <>
            <Marks lines={lines} others={others} plain={plain} plainName={plainName} />
            <IdealMarks trace={trace} />
            <OperatingPoint trace={trace} onDrag={onDrag} onRest={onRest} />
          </>
        )}
      </LineChart>
    </ResponsiveContainer>
  );
});

const axis = { stroke: 'var(--line)', tick: false, allowDataOverflow: true } as const;
const COST_TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

interface AxesProps {
  readonly most: number;
  readonly floor: number;
  readonly plain: Point;
}

const Axes = memo(function Axes({ most, floor, plain }: AxesProps) {
  return (
    <>
      <XAxis type="number" dataKey="cost" domain={[0, most]} {...axis} />
      <YAxis type="number" dataKey="accuracy" domain={[floor, 1]} {...axis} />
      <Ticks accuracies={ticksFrom(floor)} plain={plain} />
    </>
  );
});

/**
 * The grid, the numbers at the axes and the height of the plain network. Recharts measures each of its own on the page before it draws it, and the browser
 * lays the page out for that: in the middle of a drag, whenever the axis of accuracies begins at another tenth.
 */
function Ticks({ accuracies, plain }: { accuracies: readonly number[]; plain: Point }) {
  const plot = usePlotArea();
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (!plot || !x || !y) return null;
  const bottom = plot.y + plot.height;
  return (
    <g stroke="var(--line)">
      {accuracies.map((accuracy) => {
        const at = y(accuracy);
        return (
          <g key={accuracy}>
            <line x1={plot.x - TICK} x2={plot.x + plot.width} y1={at} y2={at} />
            <text {...number} x={plot.x - TICK - 2} y={at} dy="0.355em" textAnchor="end">
              {Math.round(accuracy * 100)} %
            </text>
          </g>
        );
      })}
      {COST_TICKS.map((cost) => (
        <g key={cost}>
          <line x1={x(cost)} x2={x(cost)} y1={bottom} y2={bottom + TICK} />
          <text {...number} x={x(cost)} y={bottom + TICK + 2} dy="0.71em" textAnchor="middle">
            {cost}
          </text>
        </g>
      ))}
      <line
        {...{ x1: plot.x, x2: plot.x + plot.width, y1: y(plain.accuracy), y2: y(plain.accuracy) }}
        stroke="var(--muted)"
        strokeDasharray="2 4"
      />
    </g>
  );
}

/** Length of a tick, CSS pixels. */
const TICK = 6;
const number = { fill: 'var(--muted)', stroke: 'none', fontSize: 11 } as const;

interface MarksProps {
  readonly lines: Lines;
  readonly others: readonly OtherLine[];
  readonly plain: Point;
  readonly plainName: string;
}

/** All points and lines as one path each: a search brings new ones many times a second. */
const Marks = memo(function Marks({ lines, others, plain, plainName }: MarksProps) {
  const clip = useId();
  const plot = usePlotArea();
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (!plot || !x || !y) return null;
  const at = ({ cost, accuracy }: Point): string => `${x(cost)},${y(accuracy)}`;
  const line = (points: readonly Point[]): string =>
    points.length > 0 ? `M${points.map(at).join('L')}` : '';
  // A stroke of no length with round ends is a disc.
  const dots = (points: readonly Point[]): string => points.map((p) => `M${at(p)}h0`).join('');
  const [cx, cy] = [x(plain.cost) ?? 0, y(plain.accuracy) ?? 0];
  return (
    <>
      <clipPath id={clip}>
        <rect {...plot} />
      </clipPath>
      <g clipPath={`url(#${clip})`} fill="none" stroke="var(--hue)" strokeLinecap="round">
        {others.map(({ id, points }) => (
          <path
            key={id}
            d={line(points)}
            stroke="var(--muted)"
            strokeWidth={1.4}
            strokeDasharray={dashOf(id)}
            strokeLinecap="butt"
          />
        ))}
        <path
          d={line(lines.train)}
          strokeWidth={1.2}
          strokeDasharray="4 3"
          opacity={0.55}
          strokeLinecap="butt"
        />
        <path className="policies" d={dots(lines.stops)} strokeWidth={3.2} opacity={0.4} />
        <path d={line(lines.hull)} strokeWidth={2} />
        <path d={dots(lines.hull)} strokeWidth={5.6} />
      </g>
      <g fill="var(--ink)">
        <rect x={cx - 4} y={cy - 4} width={8} height={8} transform={`rotate(45 ${cx} ${cy})`} />
        <text x={cx + 6} y={cy + 20} textAnchor="end" fontSize={11}>
          {plainName}
        </text>
      </g>
    </>
  );
});
