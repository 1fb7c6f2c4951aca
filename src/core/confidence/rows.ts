/** From kept scores to what an exit says of each class, alone or joined with the exits before it. */
import { halves } from '../half.ts';
import type { Scores } from '../kept-scores.ts';
import type { Trace } from '../trace.ts';
import type { Ensemble } from './choice.ts';
import { expOf } from './exp.ts';

/** The scores of a trace. */
export interface Scored {
  readonly trace: Trace;
  readonly scores: Scores;
}

/** Images first, first + step, …, `count` of them. */
export interface Chosen {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Of an exit's ensemble: a weight, 0 or more, for it and each exit before it, and a bias for each class. */
export interface Weights {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/**
 * What a probability is at least before logarithms are averaged, as a logarithm: one exit that rules a class out must
 * not decide for all. 10⁻¹³.
 */
const LEAST_LOG = -30;
/** What is at least left of a mean of probabilities, so that it has a logarithm. */
const LEAST_MEAN = 1e-300;

/** Scores [images, classes] of one exit alone, float64: log-probabilities up to a constant a row. */
export function rowsAt({ trace, scores }: Scored, j: number, images: Chosen): Float64Array {
  const k = trace.classes.length;
  const rows = new Float64Array(images.count * k);
  const numbers = halves();
  for (let n = 0; n < images.count; n++) {
    const from = (j * trace.count + images.first + n * images.step) * k;
    for (let c = 0; c < k; c++) rows[n * k + c] = numbers[scores[from + c]!]!;
  }
  return rows;
}

/**
 * What each exit says in turn: log-probabilities [images, classes] up to a constant a row, to be used before the next comes.
 * @param weights of a weighted ensemble, an exit each.
 */
export function* joined(
  of: Scored,
  images: Chosen,
  ensemble: Ensemble,
  weights: readonly Weights[] | null,
): Generator<Float64Array> {
  const k = of.trace.classes.length;
  const sum = new Float64Array(images.count * k);
  const before: Float64Array[] = [];
  for (let j = 0; j < of.trace.exits.length; j++) {
    const rows = rowsAt(of, j, images);
    switch (ensemble) {
      case 'alone':
        break;
      case 'mean':
        normalise(rows, k);
        for (let at = 0; at < rows.length; at++) {
          // By a rounding a log-probability may be above 0.
          sum[at]! += expOf(Math.min(0, rows[at]!));
          rows[at] = Math.log(Math.max(LEAST_MEAN, sum[at]! / (j + 1)));
        }
        break;
      case 'product':
        normalise(rows, k);
        for (let at = 0; at < rows.length; at++) {
          sum[at]! += Math.max(LEAST_LOG, rows[at]!);
          rows[at] = sum[at]! / (j + 1);
        }
        break;
      case 'weighted':
        normalise(rows, k);
        before.push(floored(rows));
        weigh(before, weights![j]!, rows);
    }
    yield rows;
  }
}

/** The same numbers, none below what logarithms are averaged from. */
export const floored = (rows: Float64Array): Float64Array =>
  rows.map((value) => Math.max(LEAST_LOG, value));

/** Σ_m weight_m · log p_m + bias into `out` [images, classes]. */
export function weigh(
  logs: readonly Float64Array[],
  { weight, bias }: Weights,
  out: Float64Array,
): void {
  const k = bias.length;
  for (let at = 0; at < out.length; at += k) for (let c = 0; c < k; c++) out[at + c] = bias[c]!;
  logs.forEach((rows, m) => {
    const by = weight[m]!;
    if (by !== 0) for (let at = 0; at < out.length; at++) out[at]! += by * rows[at]!;
  });
}

/** Takes from each row the logarithm of the sum of its exponentials. */
export function normalise(rows: Float64Array, classes: number): void {
  for (let at = 0; at < rows.length; at += classes) {
    const whole = logSumExp(rows, at, classes);
    for (let c = 0; c < classes; c++) rows[at + c]! -= whole;
  }
}

/** log Σ exp(z) over a row. */
export function logSumExp(rows: Float64Array, at: number, classes: number): number {
  let greatest = -Infinity;
  for (let c = 0; c < classes; c++) if (rows[at + c]! > greatest) greatest = rows[at + c]!;
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += expOf(rows[at + c]! - greatest);
  return greatest + Math.log(sum);
}
