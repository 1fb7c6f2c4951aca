import './drawing.css';
import type { PlotFrame, PlotRange, PlotScales } from './plot.ts';

interface AxesProps {
  readonly frame: PlotFrame;
  readonly range: PlotRange;
  readonly scales: PlotScales;
  /** What the horizontal axis counts. */
  readonly label: string;
}

/** Lines at round accuracies, numbers at both axes. */
export function Axes({ frame, range: { most, floor, ceiling }, scales, label }: AxesProps) {
  const { x, y } = scales;
  const step = ceiling - floor > 0.5 ? 0.2 : 0.1;
  const ticks = Array.from(
    { length: Math.floor((ceiling - floor) / step + 1.001) },
    (_, n) => ceiling - n * step,
  );
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="drawing-grid" x1={x(0)} x2={x(most)} y1={y(tick)} y2={y(tick)} />
          <text className="drawing-note" x={frame.left - 6} y={y(tick) + 4} textAnchor="end">
            {Math.round(100 * tick)} %
          </text>
        </g>
      ))}
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <text
          key={tick}
          className="drawing-note"
          x={x(tick)}
          y={frame.height - frame.bottom + 16}
          textAnchor="middle"
        >
          {tick}
        </text>
      ))}
      <text className="drawing-note" x={x(0.5)} y={frame.height - 5} textAnchor="middle">
        {label}
      </text>
    </>
  );
}
