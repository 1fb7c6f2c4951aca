/** Paints a cloud of points; where they go from one view to the next is a matter of a moment, not of a jump. */
import type { ScatterColours } from './clusterColours.ts';
import { HUES, shapeOf, type Shape } from './shapes.ts';

/** Distance of the outermost points to the edge, and size of a point, CSS pixels. */
const EDGE = 10;
const RADIUS = 3.2;

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** How much more the second axis may be stretched than the first: a cloud that is nearly a line would show nothing. */
const MOST_STRETCH = 4;

export interface Fitted {
  /** [n, 2] in pixels of the box. */
  readonly at: Float32Array;
  /** How many times wider a unit is on the second axis than on the first; 1 for the same scale both ways. */
  readonly stretch: number;
}

/** Where points of the plane [n, 2] lie in a box: as large as fits. */
export function fitted(plane: Float32Array, { width, height }: Box): Fitted {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < plane.length; at += 2) {
    left = Math.min(left, plane[at]!);
    right = Math.max(right, plane[at]!);
    low = Math.min(low, plane[at + 1]!);
    high = Math.max(high, plane[at + 1]!);
  }
  const across = (width - 2 * EDGE) / Math.max(right - left, 1e-9);
  const up = (height - 2 * EDGE) / Math.max(high - low, 1e-9);
  const x = Math.min(across, up);
  const y = Math.min(up, x * MOST_STRETCH);
  const at = plane.map((value, n) =>
    n % 2 === 0
      ? width / 2 + (value - (left + right) / 2) * x
      : height / 2 - (value - (low + high) / 2) * y,
  );
  return { at, stretch: y / x };
}

/** Between two places, `share` of the way, slowly at both ends. */
export function between(from: Float32Array, to: Float32Array, share: number): Float32Array {
  const eased = share * share * (3 - 2 * share);
  return to.map((value, at) => from[at]! + (value - from[at]!) * eased);
}

export interface Look {
  /** What fills a point, by image; null while there is nothing to tell them apart. */
  readonly fill: ArrayLike<number> | null;
  /** What a ring around it says beside; null for none. */
  readonly ring: ArrayLike<number> | null;
}

/** @param at [n, 2] in CSS pixels. */
export function paintScatter(
  context: CanvasRenderingContext2D,
  at: Float32Array,
  { fill, ring }: Look,
  colours: ScatterColours,
): void {
  for (let i = 0; 2 * i < at.length; i++) {
    const own = fill ? fill[i]! : null;
    context.beginPath();
    trace(context, own === null ? 'circle' : shapeOf(own), at[2 * i]!, at[2 * i + 1]!);
    context.fillStyle = own === null ? colours.none : colours.clusters[own % HUES]!;
    context.fill();
    context.lineWidth = ring ? 1.6 : 0.7;
    context.strokeStyle = ring ? colours.clusters[ring[i]! % HUES]! : colours.ground;
    context.stroke();
  }
}

/** Shapes of about the same area. */
function trace(context: CanvasRenderingContext2D, shape: Shape, x: number, y: number): void {
  const r = RADIUS;
  if (shape === 'circle') return context.arc(x, y, r, 0, 2 * Math.PI);
  if (shape === 'square') return context.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
  const corners =
    shape === 'triangle'
      ? [0, -1.25, 1.15, 0.85, -1.15, 0.85]
      : [0, -1.3, 1.15, 0, 0, 1.3, -1.15, 0];
  for (let c = 0; c < corners.length; c += 2)
    context.lineTo(x + corners[c]! * r, y + corners[c + 1]! * r);
  context.closePath();
}
