/**
 * Deep embedded clustering (DEC; Xie et al. 2016, eqs. 1–5) with one degree of freedom (α = 1), as in the paper.
 * Sums run in float64 and are stored as float32. A NaN or infinite embedding gives NaN, not an error: the caller sees
 * it in the loss.
 */
import { checkByteLabels, rowsOf } from './shape.ts';

/**
 * Soft assignment q (eq. 1): Student's t kernel (1 + ‖z_i − μ_j‖²)⁻¹, each row divided by its sum.
 * @param z embedding [N, D].
 * @param centres [K, D].
 * @param out where to write q, [N, K]; may be used again at every step.
 * @returns q [N, K]; rows sum to 1.
 * @throws Error when an array does not fill its rows.
 */
export function softAssignment(
  z: Float32Array,
  centres: Float32Array,
  dimensions: number,
  out?: Float32Array,
): Float32Array {
  const count = rowsOf(z, dimensions, 'The embedding');
  const clusters = rowsOf(centres, dimensions, 'The array of centres');
  const q = out ?? new Float32Array(count * clusters);
  if (q.length !== count * clusters)
    throw new Error(
      `The soft assignment has room for ${q.length} numbers; ${count} images of ${clusters} clusters need ${count * clusters}.`,
    );
  const kernel = new Float64Array(clusters);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < clusters; j++) {
      kernel[j] = 1 / (1 + squaredDistance(z, i, centres, j, dimensions));
      sum += kernel[j]!;
    }
    for (let j = 0; j < clusters; j++) q[i * clusters + j] = kernel[j]! / sum;
  }
  return q;
}

/**
 * Target distribution p (eq. 3): q² over the cluster's soft size f_j = Σ_i q_ij, each row divided by its sum. It
 * sharpens what q believes and keeps large clusters from bending the embedding to themselves.
 *
 * f is taken over the given images only. A cluster with f_j = 0 contributes 0; a row of zeros becomes 1/K everywhere.
 * @param q [N, K].
 * @returns p [N, K]; rows sum to 1.
 * @throws Error when q does not fill its rows.
 */
export function targetDistribution(q: Float32Array, clusters: number): Float32Array {
  const count = rowsOf(q, clusters, 'The soft assignment');
  const softSize = new Float64Array(clusters);
  for (let i = 0, at = 0; i < count; i++)
    for (let j = 0; j < clusters; j++, at++) softSize[j]! += q[at]!;
  const p = new Float32Array(q.length);
  const weight = new Float64Array(clusters);
  for (let i = 0; i < count; i++) {
    const from = i * clusters;
    let sum = 0;
    for (let j = 0; j < clusters; j++) {
      const value = q[from + j]!;
      weight[j] = softSize[j] === 0 ? 0 : (value * value) / softSize[j]!;
      sum += weight[j]!;
    }
    for (let j = 0; j < clusters; j++) p[from + j] = sum === 0 ? 1 / clusters : weight[j]! / sum;
  }
  return p;
}

/**
 * KL(P‖Q) (eq. 2) as the mean over images of Σ_j p ln(p/q), in nats; 0·ln 0 = 0, and 0 for no images. Infinite where
 * q is 0 and p is not.
 * @param p [N, K].
 * @param q [N, K].
 * @throws Error when p and q differ in length or do not fill their rows.
 */
export function klDivergence(p: Float32Array, q: Float32Array, clusters: number): number {
  const count = rowsOf(q, clusters, 'The soft assignment');
  checkSameLength(p, q);
  let sum = 0;
  // `p !== 0` and not `p > 0`, so that NaN gets through.
  for (let at = 0; at < p.length; at++) if (p[at] !== 0) sum += p[at]! * Math.log(p[at]! / q[at]!);
  return count === 0 ? 0 : sum / count;
}

/**
 * Gradient of `klDivergence` with p held fixed (eqs. 4 and 5 at α = 1, and over N for the mean):
 * ∂L/∂z_i = 2/N · Σ_j (1 + ‖z_i − μ_j‖²)⁻¹ (p_ij − q_ij)(z_i − μ_j), and ∂L/∂μ_j = −2/N · Σ_i of the same terms.
 * @param z embedding [N, D].
 * @param centres [K, D].
 * @param p [N, K], rows that sum to 1.
 * @param q [N, K], the soft assignment of `z` to `centres`.
 * @returns `z` [N, D] and `centres` [K, D].
 * @throws Error when an array has not the length that the others ask for.
 */
export function klGradient(
  z: Float32Array,
  centres: Float32Array,
  p: Float32Array,
  q: Float32Array,
  dimensions: number,
): { z: Float32Array; centres: Float32Array } {
  const count = rowsOf(z, dimensions, 'The embedding');
  const clusters = rowsOf(centres, dimensions, 'The array of centres');
  checkSameLength(p, q);
  if (q.length !== count * clusters)
    throw new Error(
      `The soft assignment has ${q.length} numbers; ${count} images of ${clusters} clusters need ${count * clusters}.`,
    );
  const toZ = new Float32Array(z.length);
  const toCentres = new Float64Array(centres.length);
  const pull = new Float64Array(dimensions);
  const scale = 2 / count;
  for (let i = 0; i < count; i++) {
    const from = i * dimensions;
    pull.fill(0);
    for (let j = 0; j < clusters; j++) {
      const at = i * clusters + j;
      const kernel = 1 / (1 + squaredDistance(z, i, centres, j, dimensions));
      const weight = scale * kernel * (p[at]! - q[at]!);
      for (let d = 0; d < dimensions; d++) {
        const term = weight * (z[from + d]! - centres[j * dimensions + d]!);
        pull[d]! += term;
        toCentres[j * dimensions + d]! -= term;
      }
    }
    for (let d = 0; d < dimensions; d++) toZ[from + d] = pull[d]!;
  }
  return { z: toZ, centres: Float32Array.from(toCentres) };
}

/**
 * The cluster of most weight for each image; the lowest number wins a tie, and a row of NaN gets 0.
 * @param q [N, K].
 * @throws Error when clusters are not 1 to 256 or q does not fill its rows.
 */
export function hardLabels(q: Float32Array, clusters: number): Uint8Array {
  checkByteLabels(clusters, 'clusters');
  const labels = new Uint8Array(rowsOf(q, clusters, 'The soft assignment'));
  for (let i = 0; i < labels.length; i++) {
    const from = i * clusters;
    let label = 0;
    for (let j = 1; j < clusters; j++) if (q[from + j]! > q[from + label]!) label = j;
    labels[i] = label;
  }
  return labels;
}

function squaredDistance(
  z: Float32Array,
  i: number,
  centres: Float32Array,
  j: number,
  dimensions: number,
): number {
  let sum = 0;
  for (let d = 0, a = i * dimensions, b = j * dimensions; d < dimensions; d++, a++, b++) {
    const delta = z[a]! - centres[b]!;
    sum += delta * delta;
  }
  return sum;
}

function checkSameLength(p: Float32Array, q: Float32Array): void {
  if (p.length !== q.length)
    throw new Error(
      `The target has ${p.length} numbers and the soft assignment ${q.length}; expected the same images and clusters.`,
    );
}
