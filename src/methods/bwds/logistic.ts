/** Weighted logistic regression by Newton's method: a dozen numbers, so exact second derivatives are cheap. */

const MOST_ITERATIONS = 15;
/** Keeps weights finite where the classes are separable, or where all weight is 0. */
const RIDGE = 1e-4;

/** z = w·x + b of one row; [w | b] are the `size` weights from `from` on, or all of them. */
export function decisionValue(
  weights: Float64Array,
  rows: Float32Array,
  at: number,
  from = 0,
  size = weights.length,
): number {
  const last = size - 1;
  let z = weights[from + last]!;
  for (let d = 0; d < last; d++) z += weights[from + d]! * rows[at + d]!;
  return z;
}

/**
 * Minimises Σ aᵢ log(1 + exp(−yᵢ zᵢ)) / Σ aᵢ + ridge·‖[w | b]‖²/2, with y = +1 where `target` is positive, else −1, and
 * a = |target|.
 * @param rows float32, row i at i·stride + offset, `width` features. @param targets [n].
 * @returns [w | b].
 */
export function fitLogistic(
  rows: Float32Array,
  stride: number,
  offset: number,
  width: number,
  targets: Float64Array,
): Float64Array {
  const size = width + 1;
  let weights = new Float64Array(size);
  let total = 0;
  for (const target of targets) total += Math.abs(target);
  if (total === 0) return weights;
  const lossOf = (of: Float64Array): number => {
    let loss = 0;
    targets.forEach((target, i) => {
      if (target === 0) return;
      const margin = Math.sign(target) * decisionValue(of, rows, i * stride + offset);
      loss +=
        Math.abs(target) *
        (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin);
    });
    return loss / total + (RIDGE / 2) * of.reduce((sum, w) => sum + w * w, 0);
  };
  let loss = lossOf(weights);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const step = newtonStep(weights, rows, stride, offset, targets, total);
    let share = 1;
    let next = weights.map((w, d) => w - step[d]!);
    let nextLoss = lossOf(next);
    // A full step may overshoot far from the minimum; the loss is convex, so some shorter one does not.
    while (nextLoss > loss && share > 1e-3) {
      share /= 2;
      next = weights.map((w, d) => w - share * step[d]!);
      nextLoss = lossOf(next);
    }
    if (!(nextLoss < loss)) break;
    const gained = loss - nextLoss;
    [weights, loss] = [next, nextLoss];
    if (gained < 1e-7) break;
  }
  return weights;
}

/** H⁻¹g of the mean loss with its ridge. */
function newtonStep(
  weights: Float64Array,
  rows: Float32Array,
  stride: number,
  offset: number,
  targets: Float64Array,
  total: number,
): Float64Array {
  const size = weights.length;
  const gradient = weights.map((w) => RIDGE * w);
  const hessian = new Float64Array(size * size);
  const x = new Float64Array(size).fill(1);
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i]!;
    if (target === 0) continue;
    const at = i * stride + offset;
    for (let d = 0; d < size - 1; d++) x[d] = rows[at + d]!;
    const p = 1 / (1 + Math.exp(-decisionValue(weights, rows, at)));
    const a = Math.abs(target) / total;
    const residual = a * (p - (target > 0 ? 1 : 0));
    const curvature = a * p * (1 - p);
    for (let d = 0; d < size; d++) {
      gradient[d]! += residual * x[d]!;
      const c = curvature * x[d]!;
      for (let e = 0; e <= d; e++) hessian[d * size + e]! += c * x[e]!;
    }
  }
  for (let d = 0; d < size; d++) hessian[d * size + d]! += RIDGE;
  return solve(hessian, gradient);
}

/** A⁻¹b of a positive definite A, given by its lower half, by Cholesky's decomposition; overwrites both. */
function solve(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!;
    }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i]! -= a[i * n + k]! * b[k]!;
    b[i]! /= a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i]! -= a[k * n + i]! * b[k]!;
    b[i]! /= a[i * n + i]!;
  }
  return b;
}
