import type { Ref } from 'react';
import type { Claim } from '../../state/unsupervised/claim.ts';
import type { Figure3 } from '../../state/unsupervised/figure3.ts';
import { Axes } from '../shared/Axes.tsx';
import { percent } from '../shared/format.ts';
import { pathOf, scalesOf, type PlotFrame, type Scale } from '../shared/plot.ts';

interface Figure3PlotProps {
  readonly ref: Ref<SVGSVGElement>;
  readonly figure: Figure3;
  readonly claim: Claim;
  readonly title: string;
}

const FRAME: PlotFrame = { width: 420, height: 280, left: 44, right: 12, top: 54, bottom: 38 };
/** Where lines that stand for a cost end. */
const BASE = FRAME.height - FRAME.bottom;

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
  const ceiling = Math.min(1, Math.ceil(Math.max(...heights) * 10 + 0.01) / 10);
  const most = Math.max(1, marks.at(-1)!.cost) + 0.03;
  const range = { most, floor, ceiling };
  const scales = scalesOf(FRAME, range);
  const { x, y } = scales;
  return (
    <svg
      ref={ref}
      className="drawing figure3-plot"
      viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
      role="img"
      aria-label={`${title}: accuracy on test against FLOPs relative to DEC-large. ${marks.map(({ name, cost }) => `${name} costs ${cost.toFixed(2)}`).join(', ')}.`}
    >
      <text className="drawing-title" x={FRAME.left} y={13}>
        {title}
      </text>
      <Axes
        frame={FRAME}
        range={range}
        scales={scales}
        label="FLOPs relative to DEC-large, accuracy on test"
      />
      <Marks marks={marks} claim={claim} x={x} />
      {runs.map(({ id, points }) => (
        <path key={id} className="figure3-run" d={pathOf(points, scales)} />
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
      <path className="figure3-mean" d={pathOf(mean, scales)} />
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
        y1={FRAME.top - 2}
        y2={BASE}
      />
      <text className="drawing-note" x={x(claim.cost) + 5} y={BASE - 7}>
        {percent(1 - claim.cost, 0)} saved
      </text>
      {marks.map(({ name, cost }, j) => {
        const isLast = j === marks.length - 1;
        // Neighbours may cost nearly the same: every other name stands a line higher.
        return (
          <g key={name}>
            <line className="figure3-mark" x1={x(cost)} x2={x(cost)} y1={FRAME.top - 4} y2={BASE} />
            <text
              className="drawing-note"
              x={x(cost)}
              y={j % 2 === 0 ? FRAME.top - 8 : FRAME.top - 21}
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
