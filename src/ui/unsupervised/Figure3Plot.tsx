import type { Ref } from 'react';
import type { CurvePoint } from '../../core/run-index.ts';
import type { Claim } from '../../state/unsupervised/claim.ts';
import type { Figure3 } from '../../state/unsupervised/figure3.ts';
import { percent } from '../shared/format.ts';

interface Figure3PlotProps {
  readonly ref: Ref<SVGSVGElement>;
  readonly figure: Figure3;
  readonly claim: Claim;
  readonly title: string;
}

const WIDTH = 420;
const HEIGHT = 280;
const LEFT = 44;
const RIGHT = 12;
const TOP = 54;
const BOTTOM = 38;

type Scale = (value: number) => number;

/** A thin curve a run, their mean, and the costs of the three exits. */
export function Figure3Plot({
  ref,
  figure: { runs, mean, marks },
  claim,
  title,
}: Figure3PlotProps) {
  const heights = runs.flatMap(({ points, exits }) => [
    ...points.map(({ accuracy }) => accuracy),
    ...exits,
  ]);
  const floor = Math.max(0, Math.floor(Math.min(...heights) * 10) / 10);
  const top = Math.min(1, Math.ceil(Math.max(...heights) * 10 + 0.01) / 10);
  const most = Math.max(1, marks.at(-1)!.cost) + 0.03;
  const x: Scale = (cost) => LEFT + (cost / most) * (WIDTH - LEFT - RIGHT);
  const y: Scale = (accuracy) =>
    HEIGHT - BOTTOM - ((accuracy - floor) / (top - floor)) * (HEIGHT - TOP - BOTTOM);
  const ticks = Array.from(
    { length: Math.round((top - floor) * 10) + 1 },
    (_, n) => floor + n / 10,
  );
  return (
    <svg
      ref={ref}
      className="figure3-plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${title}: accuracy on test against FLOPs relative to DEC-large. ${marks.map(({ name, cost }) => `${name} costs ${cost.toFixed(2)}`).join(', ')}.`}
    >
      <text className="figure3-title" x={LEFT} y={13}>
        {title}
      </text>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="figure3-grid" x1={x(0)} x2={x(most)} y1={y(tick)} y2={y(tick)} />
          <text className="figure3-note" x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
            {Math.round(100 * tick)} %
          </text>
        </g>
      ))}
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <text
          key={tick}
          className="figure3-note"
          x={x(tick)}
          y={HEIGHT - BOTTOM + 16}
          textAnchor="middle"
        >
          {tick}
        </text>
      ))}
      <text className="figure3-note" x={x(most / 2)} y={HEIGHT - 5} textAnchor="middle">
        FLOPs relative to DEC-large, accuracy on test
      </text>
      <Marks marks={marks} claim={claim} x={x} />
      {runs.map(({ id, points }) => (
        <path key={id} className="figure3-run" d={pathOf(points, x, y)} />
      ))}
      {runs.flatMap(({ id, exits }) =>
        exits.map((accuracy, j) => (
          <circle
            key={`${id} ${j}`}
            className="figure3-exit"
            cx={x(marks[j]!.cost)}
            cy={y(accuracy)}
            r={2.4}
          />
        )),
      )}
      <path className="figure3-mean" d={pathOf(mean, x, y)} />
    </svg>
  );
}

interface MarksProps {
  readonly marks: Figure3['marks'];
  readonly claim: Claim;
  readonly x: Scale;
}

/** Lines at the costs of the exits, their names above them, and the claim's budget. */
function Marks({ marks, claim, x }: MarksProps) {
  return (
    <>
      <line
        className="figure3-budget"
        x1={x(claim.cost)}
        x2={x(claim.cost)}
        y1={TOP - 2}
        y2={HEIGHT - BOTTOM}
      />
      <text className="figure3-note" x={x(claim.cost) + 5} y={HEIGHT - BOTTOM - 7}>
        {percent(1 - claim.cost, 0)} saved
      </text>
      {marks.map(({ name, cost }, j) => {
        const isLast = j === marks.length - 1;
        // Neighbours may cost nearly the same: every other name stands a line higher.
        return (
          <g key={name}>
            <line
              className="figure3-mark"
              x1={x(cost)}
              x2={x(cost)}
              y1={TOP - 4}
              y2={HEIGHT - BOTTOM}
            />
            <text
              className="figure3-note"
              x={x(cost)}
              y={j % 2 === 0 ? TOP - 8 : TOP - 21}
              textAnchor={isLast ? 'end' : 'start'}
              dx={isLast ? 4 : -4}
            >
              {name}
            </text>
          </g>
        );
      })}
    </>
  );
}

function pathOf(points: readonly CurvePoint[], x: Scale, y: Scale): string {
  return points
    .map(
      ({ cost, accuracy }, n) => `${n ? 'L' : 'M'}${x(cost).toFixed(1)} ${y(accuracy).toFixed(1)}`,
    )
    .join('');
}
