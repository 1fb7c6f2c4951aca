import { useRef, type PointerEvent } from 'react';
import { usePlotArea, useXAxisInverseScale, useXAxisScale, useYAxisScale } from 'recharts';
import type { Trace } from '../../core/trace.ts';
import { useShown } from '../shared/scene.ts';

interface OperatingPointProps {
  readonly trace: Trace;
  /** Called with the relative FLOPs under the pointer while it drags. */
  readonly onDrag: (cost: number) => void;
  readonly onRest: () => void;
}

/** The policy on screen, on the chart: drag anywhere on the plot and it follows along the curve. */
export function OperatingPoint({ trace, onDrag, onRest }: OperatingPointProps) {
  const outcome = useShown((state) => state.outcome);
  const plot = usePlotArea();
  const x = useXAxisScale();
  const y = useYAxisScale();
  const costAt = useXAxisInverseScale();
  const surface = useRef<SVGRectElement>(null);
  const dragging = useRef(false);
  if (!outcome || !plot || !x || !y || !costAt) return null;
  const cx = x(outcome.meanFlops / trace.networkFlops) ?? plot.x;
  const cy = Math.min(plot.y + plot.height, y(outcome.accuracy) ?? plot.y);

  const follow = (event: PointerEvent): void => {
    const box = surface.current!.getBoundingClientRect();
    const inPlot = ((event.clientX - box.left) / box.width) * plot.width;
    onDrag(Number(costAt(plot.x + Math.min(plot.width, Math.max(0, inPlot)))));
  };

  return (
    <g
      className="operating-point"
      onPointerDown={(event) => {
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={(event) => dragging.current && follow(event)}
      onPointerUp={() => {
        dragging.current = false;
        onRest();
      }}
      onPointerCancel={() => (dragging.current = false)}
    >
      <rect
        ref={surface}
        x={plot.x}
        y={plot.y}
        width={plot.width}
        height={plot.height}
        fill="transparent"
      />
      <line
        x1={cx}
        x2={cx}
        y1={cy}
        y2={plot.y + plot.height}
        stroke="var(--accent)"
        strokeDasharray="2 3"
        pointerEvents="none"
      />
      <circle cx={cx} cy={cy} r={7.5} className="operating-dot" />
    </g>
  );
}
