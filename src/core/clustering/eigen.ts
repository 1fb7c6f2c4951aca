/**
 * Eigenvectors of a symmetric matrix by Jacobi's cyclic rotations (Golub & Van Loan, §8.5), largest eigenvalue first;
 * equal eigenvalues keep the order of their coordinates.
 * @param matrix [D, D] symmetric and finite; not changed.
 * @returns [D, D], one unit eigenvector a row.
 */
export function eigenvectors(matrix: Float64Array, size: number): Float64Array {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(size * size);
  for (let d = 0; d < size; d++) vectors[d * size + d] = 1;
  // Convergence is quadratic: ten dimensions take about six sweeps.
  for (let sweep = 0; sweep < 50; sweep++) {
    let rotated = false;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) rotated = rotate(a, vectors, size, p, q) || rotated;
    if (!rotated) break;
  }
  const order = Array.from({ length: size }, (_, d) => d).sort(
    (p, q) => a[q * size + q]! - a[p * size + p]! || p - q,
  );
  const sorted = new Float64Array(size * size);
  order.forEach((from, to) => {
    sorted.set(vectors.subarray(from * size, (from + 1) * size), to * size);
  });
  return sorted;
}

/** One rotation that makes a[p, q] zero; false when it is as good as zero already. */
function rotate(
  a: Float64Array,
  vectors: Float64Array,
  size: number,
  p: number,
  q: number,
): boolean {
  const off = a[p * size + q]!;
  const scale = Math.sqrt(Math.abs(a[p * size + p]!)) * Math.sqrt(Math.abs(a[q * size + q]!));
  if (Math.abs(off) <= Number.EPSILON * scale) return false;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * off);
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (let d = 0; d < size; d++) turn(a, d * size + p, d * size + q, cosine, sine);
  for (let d = 0; d < size; d++) turn(a, p * size + d, q * size + d, cosine, sine);
  for (let d = 0; d < size; d++) turn(vectors, p * size + d, q * size + d, cosine, sine);
  return true;
}

function turn(values: Float64Array, i: number, j: number, cosine: number, sine: number): void {
  const x = values[i]!;
  const y = values[j]!;
  values[i] = cosine * x - sine * y;
  values[j] = sine * x + cosine * y;
}
