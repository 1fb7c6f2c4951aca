import type { Ref } from 'react';
import type { CurveMethod, Series } from '../../state/paper/figure2.ts';
import { Axes } from '../shared/Axes.tsx';
import { pathOf, scalesOf, type PlotFrame } from '../shared/plot.ts';

interface CurvePlotProps {
  readonly ref: Ref<SVGSVGElement>;
  readonly title: string;
  readonly note: string;
  readonly series: readonly Series[];
  /** Accuracy of the network without exits, on test. */
  readonly plain: number | null;
}

const FRAME: PlotFrame = { width: 360, height: 262, left: 42, right: 10, top: 42, bottom: 38 };
/** Relative FLOPs at the right edge, or more where the exits themselves cost more. */
const MOST = 1.05;

export const hues: Readonly<Record<CurveMethod, string>> = {
  E2CM: 'paper-hue-e2cm',
  SDN: 'paper-hue-sdn',
  BranchyNet: 'paper-hue-branchynet',
};

/** One panel of Figure 2: accuracy on test against cost, single policies and time sharing told apart. */
export function CurvePlot({ ref, title, note, series, plain }: CurvePlotProps) {
  const all = series.flatMap(({ exits, curves }) => [...exits, ...curves.flat()]);
  const lowest = Math.min(...all.map(({ accuracy }) => accuracy), plain ?? 1);
  const floor = Math.max(0, Math.floor(lowest * 10) / 10);
  const most = Math.max(MOST, ...all.map(({ cost }) => cost + 0.02));
  const range = { most, floor, ceiling: 1 };
  const scales = scalesOf(FRAME, range);
  const { x, y } = scales;
  const { width, height } = FRAME;
  const legend = (n: number): number => height - FRAME.bottom - 8 - 14 * (series.length - 1 - n);
  return (
    <svg
      ref={ref}
      className="drawing"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${title}: accuracy on test against relative FLOPs. ${note}`}
    >
      <text className="drawing-title" x={8} y={16}>
        {title}
      </text>
      <text className="drawing-note" x={8} y={31}>
        {note}
      </text>
      <Axes
        frame={FRAME}
        range={range}
        scales={scales}
        label="FLOPs relative to the plain network"
      />
      {plain !== null && (
        <line className="paper-plain" x1={x(0)} x2={x(most)} y1={y(plain)} y2={y(plain)} />
      )}
      {series.map(({ method }, n) => (
        <g key={method} className={hues[method]}>
          <Mark method={method} kind="solid" x={width - 88} y={legend(n) - 4} />
          <text className="drawing-note" x={width - 80} y={legend(n)}>
            {method}
          </text>
        </g>
      ))}
      {series.map(({ method, exits, curves }) => (
        <g key={method} className={hues[method]}>
          {curves.map((curve, n) => (
            <path key={n} className="paper-line" d={pathOf(curve, scales)} />
          ))}
          {exits.map((point, j) => (
            <Mark key={j} method={method} kind="faint" x={x(point.cost)} y={y(point.accuracy)} />
          ))}
          {curves.flat().map((point, n) => (
            <Mark key={n} method={method} kind="solid" x={x(point.cost)} y={y(point.accuracy)} />
          ))}
        </g>
      ))}
    </svg>
  );
}

interface MarkProps {
  readonly method: CurveMethod;
  /** `solid`: a policy of a curve; `faint`: everybody leaves at one exit. */
  readonly kind: 'solid' | 'faint';
  readonly x: number;
  readonly y: number;
}

/** A shape as well as a hue for each method. */
export function Mark({ method, kind, x, y }: MarkProps) {
  const r = kind === 'faint' ? 2.2 : 2.8;
  const className = `paper-mark-${kind}`;
  if (method === 'E2CM') return <circle className={className} cx={x} cy={y} r={r} />;
  if (method === 'SDN')
    return <rect className={className} x={x - r} y={y - r} width={2 * r} height={2 * r} />;
  return (
    <path
      className={className}
      d={`M${x} ${y - 1.2 * r}L${x + 1.1 * r} ${y + r}L${x - 1.1 * r} ${y + r}Z`}
    />
  );
}
