/** Confusion matrices per exit: rows are true classes, columns predicted ones. */
import type { Outcome } from './replay.ts';
import type { Trace } from './trace.ts';

/** Which images a matrix counts: all of the split, those that arrive at the exit, those that leave there. */
export type Population = 'all' | 'arriving' | 'leaving';

/**
 * Counts at exit `j`, row-major: counts[true·K + predicted].
 * @param outcome needed for `arriving` and `leaving`.
 */
export function confusion(
  trace: Trace,
  j: number,
  population: Population = 'all',
  outcome?: Outcome,
): Uint32Array {
  const { count, label, prediction } = trace;
  const k = trace.classes.length;
  const counts = new Uint32Array(k * k);
  const from = j * count;
  if (population === 'all' || !outcome) {
    for (let i = 0; i < count; i++) counts[label[i]! * k + prediction[from + i]!]!++;
    return counts;
  }
  const { exitOf } = outcome;
  for (let i = 0; i < count; i++) {
    const exit = exitOf[i]!;
    if (population === 'leaving' ? exit === j : exit >= j)
      counts[label[i]! * k + prediction[from + i]!]!++;
  }
  return counts;
}

/** Each row divided by its sum: the share of each true class that is predicted as each class. Empty rows stay 0. */
export function rowShares(counts: Uint32Array, k: number): Float32Array {
  const shares = new Float32Array(counts.length);
  for (let row = 0; row < k; row++) {
    let sum = 0;
    for (let column = 0; column < k; column++) sum += counts[row * k + column]!;
    if (sum === 0) continue;
    for (let column = 0; column < k; column++)
      shares[row * k + column] = counts[row * k + column]! / sum;
  }
  return shares;
}
