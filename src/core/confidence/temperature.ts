/**
 * One temperature for what an exit says, by the negative log-likelihood of the tuning labels (Guo et al. 2017, §4.2). Of an
 * ensemble it tempers what is joined, not what is joined of: exits that are averaged get less sure than each is, and
 * what is to be held against thresholds is the average (Rahaman and Thiery 2021: pool, then calibrate).
 */
import { expOf } from './exp.ts';

/** What was fitted for one exit. */
export interface Temperature {
  /** Log-probabilities are divided by it. */
  readonly value: number;
  /** Mean negative log-likelihood of the labels in nats, before and after. */
  readonly before: number;
  readonly after: number;
}

/** Where all labels are right, or no better than chance, no temperature is best: it ends here. */
const LEAST_TEMPERATURE = 0.05;
const GREATEST_TEMPERATURE = 20;
const STEPS = 40;
/** Of a share of β. Newton's steps square what is left: after one of this size, less than 10⁻⁶. */
const CLOSE = 1e-3;
/** Every so many images find the neighbourhood of the temperature; all of them find it, in two steps more. */
const FEW = 5;
/** Images that are enough for that. */
const ENOUGH = 2500;

/** Some of the rows that a fit walks through. */
interface Rows {
  /** Log-probabilities [images, classes] of one exit, up to a constant a row. */
  readonly rows: Float64Array;
  /** True class of image n. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/**
 * @param rows log-probabilities [images, classes] of one exit, up to a constant a row.
 * @param labels true class of image n.
 */
export function fitTemperature(
  rows: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
): Temperature {
  const of = { rows, labels, classes };
  const images = rows.length / classes;
  const start = images < ENOUGH ? 1 : descend(of, 1, FEW).beta;
  const { beta, loss: after } = descend(of, start, 1);
  const before = at(of, 1, 1).loss;
  return after <= before ? { value: 1 / beta, before, after } : { value: 1, before, after: before };
}

/**
 * The likelihood is concave in β = 1/T, so its derivative has one root: Newton's steps, halved into the bracket.
 * @returns β, and the loss there up to the third order of the last step.
 */
function descend(of: Rows, start: number, every: number): { beta: number; loss: number } {
  let [low, high] = [1 / GREATEST_TEMPERATURE, 1 / LEAST_TEMPERATURE];
  let beta = start;
  for (let step = 0; step < STEPS; step++) {
    const { loss, slope, curvature } = at(of, beta, every);
    if (slope > 0) high = beta;
    else low = beta;
    const newton = beta - slope / curvature;
    const isInside = newton > low && newton < high;
    const next = isInside ? newton : Math.sqrt(low * high);
    const move = next - beta;
    beta = next;
    if (Math.abs(move) < CLOSE * beta && (isInside || high - low < CLOSE * beta))
      return { beta, loss: loss + slope * move + (curvature * move * move) / 2 };
  }
  return { beta, loss: at(of, beta, every).loss };
}

/** Mean negative log-likelihood under β of every so many images, with its first two derivatives. */
function at(
  { rows, labels, classes }: Rows,
  beta: number,
  every: number,
): { loss: number; slope: number; curvature: number } {
  const images = rows.length / classes;
  let [loss, slope, curvature, counted] = [0, 0, 0, 0];
  for (let n = 0; n < images; n += every) {
    const from = n * classes;
    let top = rows[from]!;
    for (let c = 1; c < classes; c++) if (rows[from + c]! > top) top = rows[from + c]!;
    // Of z relative to the greatest: Σ e^βz, Σ z·e^βz, Σ z²·e^βz.
    let [sum, first, second] = [0, 0, 0];
    for (let c = 0; c < classes; c++) {
      const z = rows[from + c]! - top;
      const e = expOf(beta * z);
      const ze = z * e;
      sum += e;
      first += ze;
      second += z * ze;
    }
    const mean = first / sum;
    const truth = rows[from + labels[n]!]! - top;
    loss += Math.log(sum) - beta * truth;
    slope += mean - truth;
    curvature += second / sum - mean * mean;
    counted++;
  }
  return { loss: loss / counted, slope: slope / counted, curvature: curvature / counted };
}
