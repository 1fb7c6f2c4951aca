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

/** Most classes of which each has a row of its own in a picture. */
const MOST_ROWS = 256;
/** Blocks of classes in a picture, about. */
const BLOCKS = 100;

/** A matrix that can be drawn: of the classes, or of blocks of them where there are many. */
export interface DrawnMatrix {
  /** [k, k], row-major. */
  readonly counts: Uint32Array;
  readonly k: number;
  /** Classes that share a row, in their order; 1 where each has its own. */
  readonly block: number;
}

/**
 * The matrix of exit `j` as it is drawn. Of blocks the diagonal counts the right answers alone: confusions within a block
 * stand in no cell.
 */
export function drawnMatrix(
  trace: Trace,
  j: number,
  population: Population,
  outcome?: Outcome,
): DrawnMatrix {
  const classes = trace.classes.length;
  if (classes <= MOST_ROWS)
    return { counts: confusion(trace, j, population, outcome), k: classes, block: 1 };
  const block = Math.ceil(classes / BLOCKS);
  const k = Math.ceil(classes / block);
  const counts = new Uint32Array(k * k);
  eachOf(trace, j, population, outcome, (truth, predicted) => {
    const [row, column] = [Math.floor(truth / block), Math.floor(predicted / block)];
    if (row !== column || truth === predicted) counts[row * k + column]!++;
  });
  return { counts, k, block };
}

/** One kind of confusion and how often it happened. */
export interface Confused {
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
}

/** The most frequent confusions of exit `j`, the most frequent first. Takes no room for those that did not happen. */
export function worstConfusions(
  trace: Trace,
  j: number,
  population: Population,
  outcome: Outcome | undefined,
  most: number,
): Confused[] {
  const k = trace.classes.length;
  const counts = new Map<number, number>();
  eachOf(trace, j, population, outcome, (truth, predicted) => {
    const cell = truth * k + predicted;
    if (truth !== predicted) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  });
  return [...counts]
    .sort(([one, a], [other, b]) => b - a || one - other)
    .slice(0, most)
    .map(([cell, count]) => ({ truth: Math.floor(cell / k), predicted: cell % k, count }));
}

function eachOf(
  { count, label, prediction }: Trace,
  j: number,
  population: Population,
  outcome: Outcome | undefined,
  take: (truth: number, predicted: number) => void,
): void {
  for (let i = 0; i < count; i++) {
    const exit = outcome?.exitOf[i];
    const isIn =
      population === 'all' ||
      exit === undefined ||
      (population === 'leaving' ? exit === j : exit >= j);
    if (isIn) take(label[i]!, prediction[j * count + i]!);
  }
}

/** The same matrix [k, k] with rows and columns in an order. */
export function permuted(counts: Uint32Array, k: number, order: readonly number[]): Uint32Array {
  const moved = new Uint32Array(counts.length);
  for (const [row, truth] of order.entries())
    for (const [column, predicted] of order.entries())
      moved[row * k + column] = counts[truth * k + predicted]!;
  return moved;
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
