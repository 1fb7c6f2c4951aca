import type { Ref } from 'react';
import type { CurvePoint } from '../../core/run-index.ts';
import type { CurveMethod, Series } from '../../state/paper/figure2.ts';

interface CurvePlotProps {
  readonly ref: Ref<SVGSVGElement>;
  readonly title: string;
  readonly note: string;
  readonly series: readonly Series[];
  /** Accuracy of the network without exits, on test. */
  readonly plain: number | null;
}

const WIDTH = 360;
const HEIGHT = 262;
const LEFT = 42;
const RIGHT = 10;
const TOP = 42;
const BOTTOM = 38;
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
  const x = (cost: number): number => LEFT + (cost / most) * (WIDTH - LEFT - RIGHT);
  const y = (accuracy: number): number =>
    HEIGHT - BOTTOM - ((accuracy - floor) / (1 - floor)) * (HEIGHT - TOP - BOTTOM);
  const legend = (n: number): number => HEIGHT - BOTTOM - 8 - 14 * (series.length - 1 - n);
  return (
    <svg
      ref={ref}
      className="paper-figure"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${title}: accuracy on test against relative FLOPs. ${note}`}
    >
      <text className="paper-figure-head" x={8} y={16}>
        {title}
      </text>
      <text className="paper-figure-note" x={8} y={31}>
        {note}
      </text>
      <Grid x={x} y={y} floor={floor} most={most} />
      {plain !== null && (
        <line className="paper-plain" x1={x(0)} x2={x(most)} y1={y(plain)} y2={y(plain)} />
      )}
      {series.map(({ method }, n) => (
        <g key={method} className={hues[method]}>
          <Mark method={method} kind="solid" x={WIDTH - 88} y={legend(n) - 4} />
          <text className="paper-figure-note" x={WIDTH - 80} y={legend(n)}>
            {method}
          </text>
        </g>
      ))}
      {series.map(({ method, exits, curves }) => (
        <g key={method} className={hues[method]}>
          {curves.map((curve, n) => (
            <path key={n} className="paper-line" d={pathOf(curve, x, y)} />
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

type Scale = (value: number) => number;

function pathOf(curve: readonly CurvePoint[], x: Scale, y: Scale): string {
  return curve
    .map(
      ({ cost, accuracy }, n) => `${n ? 'L' : 'M'}${x(cost).toFixed(1)} ${y(accuracy).toFixed(1)}`,
    )
    .join('');
}

interface GridProps {
  readonly x: Scale;
  readonly y: Scale;
  readonly floor: number;
  readonly most: number;
}

function Grid({ x, y, floor, most }: GridProps) {
  const step = 1 - floor > 0.5 ? 0.2 : 0.1;
  const ticks = Array.from(
    { length: Math.floor((1 - floor) / step + 1.001) },
    (_, n) => 1 - n * step,
  );
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="paper-grid" x1={x(0)} x2={x(most)} y1={y(tick)} y2={y(tick)} />
          <text className="paper-figure-note" x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
            {Math.round(100 * tick)} %
          </text>
        </g>
      ))}
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <text
          key={tick}
          className="paper-figure-note"
          x={x(tick)}
          y={y(floor) + 16}
          textAnchor="middle"
        >
          {tick}
        </text>
      ))}
      <text className="paper-figure-note" x={(x(0) + x(1)) / 2} y={HEIGHT - 5} textAnchor="middle">
        FLOPs relative to the plain network
      </text>
    </>
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
