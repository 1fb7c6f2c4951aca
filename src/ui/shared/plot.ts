/** Curves of accuracy against cost in an SVG drawing: where things lie. */
import type { CurvePoint } from '../../core/run-index.ts';

/** Sizes of a drawing and of its margins, in units of its view box. */
export interface PlotFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What is drawn: relative FLOPs from 0, accuracies between two. */
export interface PlotRange {
  readonly most: number;
  readonly floor: number;
  readonly ceiling: number;
}

export type Scale = (value: number) => number;

/** Where a cost and an accuracy lie. */
export interface PlotScales {
  readonly x: Scale;
  readonly y: Scale;
}

export function scalesOf(frame: PlotFrame, { most, floor, ceiling }: PlotRange): PlotScales {
  const wide = frame.width - frame.left - frame.right;
  const high = frame.height - frame.top - frame.bottom;
  return {
    x: (cost) => frame.left + (cost / most) * wide,
    y: (accuracy) => frame.height - frame.bottom - ((accuracy - floor) / (ceiling - floor)) * high,
  };
}

/** The path's `d`: straight from policy to policy. */
export function pathOf(points: readonly CurvePoint[], { x, y }: PlotScales): string {
  return points
    .map(
      ({ cost, accuracy }, n) => `${n ? 'L' : 'M'}${x(cost).toFixed(1)} ${y(accuracy).toFixed(1)}`,
    )
    .join('');
}
