/** The plane through a cloud of points that shows most of its spread, for a live scatter of an embedding. */
import { rowsOf } from './shape.ts';
import { eigenvectors } from './eigen.ts';

export interface Plane {
  /** [D]. */
  readonly mean: Float64Array;
  /** [2, D] row-major, orthonormal (at D = 1 the second is zero). */
  readonly axes: Float64Array;
}

/**
 * Mean and first two principal components, each with its coordinate of largest magnitude positive.
 *
 * With `like`, the axes are turned or mirrored within the plane to lie nearest to the earlier ones (orthogonal
 * Procrustes), so that a scatter does not flip from frame to frame; they then span the principal plane but need not
 * be the components themselves.
 *
 * Constant points, or none, have no direction of spread: the first two coordinates serve. At D = 1 the second axis
 * is zero, and everything lies on a line. Meant for D of some tens: time is O(N·D² + D³).
 *
 * @param points [N, D] row-major.
 * @throws Error when a point is not finite, points do not fill their rows, or `like` has another D.
 */
export function principalPlane(points: Float32Array, dimensions: number, like?: Plane): Plane {
  const count = rowsOf(points, dimensions, 'The embedding');
  const broken = points.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0)
    throw new Error(
      `The embedding of image ${Math.floor(broken / dimensions)} holds ${points[broken]}; a principal plane needs finite numbers.`,
    );
  const mean = meanOf(points, dimensions, count);
  const vectors = eigenvectors(scatterMatrix(points, dimensions, mean), dimensions);
  const axes = new Float64Array(2 * dimensions);
  axes.set(vectors.subarray(0, Math.min(2, dimensions) * dimensions));
  fixSign(axes.subarray(0, dimensions));
  fixSign(axes.subarray(dimensions));
  if (like) {
    checkDimensions(like, dimensions);
    turnTowards(like.axes, axes, dimensions);
  }
  return { mean, axes };
}

/**
 * Coordinates of points in a plane.
 * @param points [N, D] row-major.
 * @returns [N, 2] row-major.
 * @throws Error when points do not fill their rows or the plane has another D.
 */
export function project(points: Float32Array, dimensions: number, plane: Plane): Float32Array {
  const count = rowsOf(points, dimensions, 'The embedding');
  checkDimensions(plane, dimensions);
  const { mean, axes } = plane;
  const flat = new Float32Array(2 * count);
  for (let i = 0, at = 0; i < count; i++) {
    let x = 0;
    let y = 0;
    for (let d = 0; d < dimensions; d++, at++) {
      const delta = points[at]! - mean[d]!;
      x += delta * axes[d]!;
      y += delta * axes[dimensions + d]!;
    }
    flat[2 * i] = x;
    flat[2 * i + 1] = y;
  }
  return flat;
}

function meanOf(points: Float32Array, dimensions: number, count: number): Float64Array {
  const mean = new Float64Array(dimensions);
  if (count === 0) return mean;
  for (let at = 0; at < points.length;)
    for (let d = 0; d < dimensions; d++) mean[d]! += points[at++]!;
  for (let d = 0; d < dimensions; d++) mean[d]! /= count;
  return mean;
}

/** Covariance times N, [D, D]: the factor changes no direction. */
function scatterMatrix(points: Float32Array, dimensions: number, mean: Float64Array): Float64Array {
  const matrix = new Float64Array(dimensions * dimensions);
  const delta = new Float64Array(dimensions);
  for (let at = 0; at < points.length;) {
    for (let d = 0; d < dimensions; d++) delta[d] = points[at++]! - mean[d]!;
    for (let a = 0; a < dimensions; a++)
      for (let b = 0; b <= a; b++) matrix[a * dimensions + b]! += delta[a]! * delta[b]!;
  }
  for (let a = 0; a < dimensions; a++)
    for (let b = 0; b < a; b++) matrix[b * dimensions + a] = matrix[a * dimensions + b]!;
  return matrix;
}

function fixSign(axis: Float64Array): void {
  let largest = 0;
  for (const value of axis) if (Math.abs(value) > Math.abs(largest)) largest = value;
  if (largest < 0) for (let d = 0; d < axis.length; d++) axis[d] = 0 - axis[d]!;
}

/**
 * Turns `axes` in their plane, in place, to agree best with `before`: with M = before · axesᵀ (2 × 2), the rotation
 * or reflection R that maximises tr(RᵀM). In two dimensions both have a closed form. Axes at right angles to all
 * that was before stay as they are.
 */
function turnTowards(before: Float64Array, axes: Float64Array, dimensions: number): void {
  let m00 = 0;
  let m01 = 0;
  let m10 = 0;
  let m11 = 0;
  for (let d = 0; d < dimensions; d++) {
    m00 += before[d]! * axes[d]!;
    m01 += before[d]! * axes[dimensions + d]!;
    m10 += before[dimensions + d]! * axes[d]!;
    m11 += before[dimensions + d]! * axes[dimensions + d]!;
  }
  const rotation = Math.hypot(m00 + m11, m10 - m01);
  const reflection = Math.hypot(m00 - m11, m10 + m01);
  const mirrored = reflection > rotation;
  const norm = mirrored ? reflection : rotation;
  if (norm === 0) return;
  const flip = mirrored ? -1 : 1;
  const cosine = (m00 + flip * m11) / norm;
  const sine = (m10 - flip * m01) / norm;
  for (let d = 0; d < dimensions; d++) {
    const x = axes[d]!;
    const y = axes[dimensions + d]!;
    axes[d] = cosine * x - flip * sine * y;
    axes[dimensions + d] = sine * x + flip * cosine * y;
  }
}

function checkDimensions(plane: Plane, dimensions: number): void {
  if (plane.mean.length !== dimensions)
    throw new Error(
      `The plane lies in ${plane.mean.length} dimensions and the points in ${dimensions}; expected the same.`,
    );
}
