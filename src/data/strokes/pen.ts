import { bell } from './bell.ts';
import { drawSegment, type Canvas } from './raster.ts';
import type { Skeleton, Stroke } from './skeletons.ts';
import type { Random } from '../../core/random.ts';

/**
 * One person's hand for one digit. Only +, −, ×, ÷ and square roots are used here and in the rest of this folder:
 * those are exact in every engine, sines and logarithms are not, and the images must be the same everywhere.
 */
export interface Hand {
  /** Jitter of each skeleton point, in units of the digit's box. */
  readonly jitter: number;
  /** Amplitude of the elastic warp's lattice, in units of the digit's box. */
  readonly warp: number;
  /** Digit height in pixels, and width per height. */
  readonly height: number;
  readonly aspect: number;
  /** Pixels to the right per pixel upwards. */
  readonly slant: number;
  /** Tangent of half the rotation angle. */
  readonly turn: number;
  /** Centre of the digit's box, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Half width of the pen in pixels, and its relative change from start to end of a stroke. */
  readonly half: number;
  readonly pressure: number;
  /** Width of the ink's edge in pixels. */
  readonly soft: number;
}

const STEPS = 5;
const MAX_POINTS = 16;
const points = new Float64Array(2 * MAX_POINTS);
const lattice = new Float64Array(2 * 16);
const weightX = new Float64Array(4);
const weightY = new Float64Array(4);

/** Writes a digit on the canvas. */
export function write(canvas: Canvas, skeleton: Skeleton, hand: Hand, random: Random): void {
  for (let i = 0; i < lattice.length; i++) lattice[i] = hand.warp * bell(random);
  for (const stroke of skeleton) writeStroke(canvas, stroke, hand, random);
}

function writeStroke(canvas: Canvas, stroke: Stroke, hand: Hand, random: Random): void {
  const count = stroke.length / 2;
  const pressure = hand.pressure * bell(random);
  for (let i = 0; i < count; i++) {
    const corner = i > 0 && isCorner(stroke, i);
    points[2 * i] = corner ? points[2 * i - 2]! : stroke[2 * i]! + hand.jitter * bell(random);
    points[2 * i + 1] = corner
      ? points[2 * i - 1]!
      : stroke[2 * i + 1]! + hand.jitter * bell(random);
  }
  place(points[0]!, points[1]!, hand);
  let x0 = placedX;
  let y0 = placedY;
  let h0 = hand.half * (1 - pressure);
  for (let i = 0; i + 1 < count; i++) {
    if (isCorner(stroke, i + 1)) continue;
    // Catmull–Rom: the tangent at a point is half the way between its neighbours; ends and corners repeat a point.
    const before = i === 0 ? i : i - 1;
    const after = i + 2 < count ? i + 2 : i + 1;
    for (let step = 1; step <= STEPS; step++) {
      const t = step / STEPS;
      place(spline(before, i, after, 0, t), spline(before, i, after, 1, t), hand);
      const h1 = hand.half * (1 - pressure + (2 * pressure * (i + t)) / (count - 1));
      drawSegment(canvas, x0, y0, placedX, placedY, h0, h1, hand.soft, 1);
      x0 = placedX;
      y0 = placedY;
      h0 = h1;
    }
  }
}

function isCorner(stroke: Stroke, i: number): boolean {
  return stroke[2 * i] === stroke[2 * i - 2] && stroke[2 * i + 1] === stroke[2 * i - 1];
}

function spline(before: number, i: number, after: number, axis: 0 | 1, t: number): number {
  const a = points[2 * before + axis]!;
  const b = points[2 * i + axis]!;
  const c = points[2 * i + 2 + axis]!;
  const d = points[2 * after + axis]!;
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

let placedX = 0;
let placedY = 0;

/** From the digit's unit box to pixels: elastic warp, scale, slant, rotation, translation. */
function place(x: number, y: number, hand: Hand): void {
  bernstein(x, weightX);
  bernstein(y, weightY);
  let u = x - 0.5;
  let v = y - 0.5;
  for (let j = 0; j < 4; j++) {
    for (let i = 0; i < 4; i++) {
      const weight = weightX[i]! * weightY[j]!;
      u += weight * lattice[8 * j + 2 * i]!;
      v += weight * lattice[8 * j + 2 * i + 1]!;
    }
  }
  v *= hand.height;
  u = u * hand.height * hand.aspect - v * hand.slant;
  const turn2 = hand.turn * hand.turn;
  const cos = (1 - turn2) / (1 + turn2);
  const sin = (2 * hand.turn) / (1 + turn2);
  placedX = hand.x + cos * u - sin * v;
  placedY = hand.y + sin * u + cos * v;
}

/** The four cubic Bernstein weights: a 4 × 4 lattice of displacements then bends the box as a Bézier surface. */
function bernstein(x: number, weights: Float64Array): void {
  const t = x < 0 ? 0 : x > 1 ? 1 : x;
  const s = 1 - t;
  weights[0] = s * s * s;
  weights[1] = 3 * s * s * t;
  weights[2] = 3 * s * t * t;
  weights[3] = t * t * t;
}
