import type { CurvePoint } from '../../core/run-index.ts';
import type { SupplementStop } from '../../core/supplement.ts';
import { Axes } from '../shared/Axes.tsx';
import { percent } from '../shared/format.ts';
import { pathOf, scalesOf, type PlotFrame } from '../shared/plot.ts';
import type { RightWords } from '../shared/rightWords.ts';

interface CurveDrawingProps {
  readonly curve: readonly SupplementStop[];
  /** The policy on screen. */
  readonly at: CurvePoint;
  /** Accuracy of the plain network. */
  readonly plain: number;
  readonly costUnit: string;
  readonly tunedOn: string;
  readonly words: RightWords;
  /** Puts the policy on a stop of the curve. */
  readonly onStand: (stop: number) => void;
}

const FRAME: PlotFrame = { width: 640, height: 280, left: 46, right: 12, top: 12, bottom: 38 };

/** Accuracy against cost: the policies that a search found, and the one on screen. */
export function CurveDrawing(props: CurveDrawingProps) {
  const { curve, at, plain, costUnit, tunedOn, words, onStand } = props;
  const heights = [...curve.map(({ accuracy }) => accuracy), at.accuracy, plain];
  const floor = Math.max(0, Math.floor(Math.min(...heights) * 10) / 10);
  const range = { most: Math.max(1.05, at.cost + 0.02), floor, ceiling: 1 };
  const scales = scalesOf(FRAME, range);
  const { x, y } = scales;
  const nearest = curve.reduce(
    (best, { cost }, n) =>
      Math.abs(cost - at.cost) < Math.abs((curve[best]?.cost ?? Infinity) - at.cost) ? n : best,
    0,
  );
  const byCost = curve.map((stop, n) => ({ stop, n })).sort((a, b) => a.stop.cost - b.stop.cost);
  const place = byCost.findIndex(({ n }) => n === nearest);
  return (
    <figure className="supplement-curve">
      <svg
        className="drawing"
        viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
        role="img"
        aria-label={`${words.accuracy} against relative ${costUnit}`}
      >
        <Axes
          frame={FRAME}
          range={range}
          scales={scales}
          label={`${costUnit} relative to ${words.thePlain}`}
        />
        <line
          className="drawing-grid"
          strokeDasharray="2 4"
          x1={x(0)}
          x2={x(range.most)}
          y1={y(plain)}
          y2={y(plain)}
        />
        <path
          className="supplement-line"
          d={pathOf(
            byCost.map(({ stop }) => stop),
            scales,
          )}
        />
        {byCost.map(({ stop, n }) => (
          <circle
            key={n}
            className="supplement-stop"
            cx={x(stop.cost)}
            cy={y(stop.accuracy)}
            r={2}
          />
        ))}
        <circle className="supplement-point" cx={x(at.cost)} cy={y(at.accuracy)} r={7} />
      </svg>
      {byCost.length > 0 && (
        <figcaption>
          <label>
            Operating point{' '}
            <input
              type="range"
              min={0}
              max={byCost.length - 1}
              step={1}
              value={place}
              aria-valuetext={`${percent(at.accuracy, 2)} at ${at.cost.toFixed(4)} of the ${costUnit}`}
              onChange={({ target }) => onStand(byCost[Number(target.value)]!.n)}
            />
          </label>
          <p className="panel-help">
            {byCost.length} policies that a search found on {tunedOn}, drawn where they fall on
            these images.
          </p>
        </figcaption>
      )}
    </figure>
  );
}
