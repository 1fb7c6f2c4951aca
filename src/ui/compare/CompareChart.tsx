import { memo, type Ref } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
  useXAxisScale,
  useYAxisScale,
} from 'recharts';
import { pin } from '../../state/compare/choices.ts';
import { heightOf, whyNoHeight, type GridRow, type Racer } from '../../state/compare/racers.ts';
import { unmeasured } from '../shared/AxisNumber.tsx';
import { percent } from '../shared/format.ts';
import { dashOf, isOnPlainNetwork, nameOf } from './racer.ts';
import { methodWords } from '../shared/methods.ts';

interface CompareChartProps {
  readonly ref: Ref<HTMLElement>;
  readonly racers: readonly Racer[];
  readonly grid: readonly GridRow[];
  readonly pinned: number;
}

const axis = { stroke: 'var(--line)', ...unmeasured(11) };

/** The curves of all racers; a band from the worst seed to the best. A click pins the cost under the pointer. */
export const CompareChart = memo(function CompareChart({
  ref,
  racers,
  grid,
  pinned,
}: CompareChartProps) {
  const rows = grid.map(({ cost, heights }) => ({
    cost,
    ...Object.fromEntries(
      racers.flatMap(({ key }): [string, number | [number, number]][] => {
        const height = heights[key];
        return height
          ? [
              [key, height.mean],
              [`${key} band`, [height.low, height.high]],
            ]
          : [];
      }),
    ),
  }));
  const seen = grid.flatMap(({ heights }) =>
    Object.values(heights).flatMap((height) => (height ? [height.low, height.high] : [])),
  );
  const floor = Math.max(0, Math.floor(Math.min(...seen) * 10) / 10);
  const plain = racers.find(isOnPlainNetwork)?.members[0]?.plain;
  const most = grid.at(-1)?.cost ?? 1;
  return (
    <figure
      ref={ref}
      className="compare-chart"
      aria-label="Accuracy of every method against relative FLOPs"
    >
      <ResponsiveContainer width="100%" height={380} initialDimension={{ width: 900, height: 380 }}>
        <ComposedChart
          data={rows}
          margin={{ top: 10, right: 16, bottom: 8, left: -8 }}
          accessibilityLayer={false}
          onClick={({ activeLabel }) => {
            if (activeLabel !== undefined) pin(Number(activeLabel));
          }}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            type="number"
            dataKey="cost"
            domain={[0, most]}
            ticks={[0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]}
            {...axis}
          />
          <YAxis
            type="number"
            domain={[floor, 1]}
            tickCount={6}
            tickFormatter={(value: number) => percent(value, 0)}
            {...axis}
          />
          <Tooltip
            isAnimationActive={false}
            content={({ active, label }) =>
              active && label !== undefined ? (
                <Readout racers={racers} cost={Number(label)} />
              ) : null
            }
          />
          {plain !== undefined && (
            <ReferenceLine
              y={plain}
              stroke="var(--muted)"
              strokeDasharray="2 4"
              label={{
                value: 'plain network',
                position: 'insideBottomRight',
                fontSize: 11,
                fill: 'var(--muted)',
              }}
            />
          )}
          <ReferenceLine x={pinned} stroke="var(--ink)" strokeDasharray="2 3" />
          {racers
            .filter(({ members }) => members.length > 1)
            .map((racer) => (
              <Area
                key={racer.key}
                dataKey={`${racer.key} band`}
                stroke="none"
                fill={methodWords(racer.method).hue}
                fillOpacity={0.2}
                isAnimationActive={false}
                activeDot={false}
              />
            ))}
          {racers.map((racer) => (
            <Line
              key={racer.key}
              dataKey={racer.key}
              stroke={methodWords(racer.method).hue}
              strokeWidth={2}
              strokeDasharray={dashOf(racer)}
              dot={false}
              isAnimationActive={false}
            />
          ))}
          <Policies racers={racers} />
        </ComposedChart>
      </ResponsiveContainer>
      <figcaption className="legend">
        {racers.map((racer) => (
          <span key={racer.key}>
            <svg width="22" height="8" aria-hidden="true">
              <line
                x2="22"
                y1="4"
                y2="4"
                stroke={methodWords(racer.method).hue}
                strokeWidth="2"
                strokeDasharray={dashOf(racer)}
              />
            </svg>{' '}
            {nameOf(racer)}
          </span>
        ))}
        <span>
          dots: single policies · lines between: time sharing of two
          {racers.some(({ members }) => members.length > 1) &&
            ' · bands: from the worst seed to the best'}
        </span>
      </figcaption>
    </figure>
  );
});

/** The policies themselves: between them a line is time sharing. */
function Policies({ racers }: { readonly racers: readonly Racer[] }) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (!x || !y) return null;
  return racers.map(({ key, method, members }) => (
    <g key={key} fill={methodWords(method).hue}>
      {members.flatMap(({ id, curve }) =>
        curve.map(({ cost, accuracy }, n) => (
          <circle key={`${id} ${n}`} cx={x(cost)} cy={y(accuracy)} r={2.4} />
        )),
      )}
    </g>
  ));
}

/** Accuracy of all at the cost under the pointer; past its dearest policy a racer stays at that policy's. */
function Readout({ racers, cost }: { readonly racers: readonly Racer[]; readonly cost: number }) {
  return (
    <div className="readout">
      <b>{cost.toFixed(3)} of the FLOPs</b>
      {racers.map((racer) => {
        const height = heightOf(racer, cost);
        return (
          <span key={racer.key}>
            <span className="swatch" style={{ background: methodWords(racer.method).hue }} />
            {nameOf(racer)}: {height ? percent(height.mean) : whyNoHeight(racer, cost)}
          </span>
        );
      })}
      <i>click to pin</i>
    </div>
  );
}
