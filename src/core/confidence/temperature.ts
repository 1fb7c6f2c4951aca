/**
 * One temperature for what an exit says, by the negative log-likelihood of the tuning labels (Guo et al. 2017, §4.2). Of an
 * ensemble it tempers what is joined, not what is joined of: exits that are averaged get less sure than each is, and
 * what is to be held against thresholds is the average (Rahaman and Thiery 2021: pool, then calibrate).
 */

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
/** Of a share of the temperature. */
const CLOSE = 1e-6;

/**
 * @param rows log-probabilities [images, classes] of one exit, up to a constant a row.
 * @param labels true class of image n.
 */
export function fitTemperature(
  rows: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
): Temperature {
  // The likelihood is concave in β = 1/T, so its derivative has one root: Newton's steps, halved into the bracket.
  let [low, high] = [1 / GREATEST_TEMPERATURE, 1 / LEAST_TEMPERATURE];
  let beta = 1;
  for (let step = 0; step < STEPS; step++) {
    const { slope, curvature } = at(rows, labels, classes, beta);
    if (slope > 0) high = beta;
    else low = beta;
    const newton = beta - slope / curvature;
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    const isClose = Math.abs(next - beta) < CLOSE * beta;
    beta = next;
    if (isClose) break;
  }
  const [before, after] = [1, beta].map((one) => at(rows, labels, classes, one).loss) as [
    number,
    number,
  ];
  return after <= before ? { value: 1 / beta, before, after } : { value: 1, before, after: before };
}

/** Mean negative log-likelihood under β, with its first two derivatives. */
function at(
  rows: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  beta: number,
): { loss: number; slope: number; curvature: number } {
  const images = rows.length / classes;
  let [loss, slope, curvature] = [0, 0, 0];
  for (let n = 0; n < images; n++) {
    const from = n * classes;
    let top = rows[from]!;
    for (let c = 1; c < classes; c++) if (rows[from + c]! > top) top = rows[from + c]!;
    // Of z relative to the greatest: Σ e^βz, Σ z·e^βz, Σ z²·e^βz.
    let [sum, first, second] = [0, 0, 0];
    for (let c = 0; c < classes; c++) {
      const z = rows[from + c]! - top;
      const e = Math.exp(beta * z);
      sum += e;
      first += z * e;
      second += z * z * e;
    }
    const mean = first / sum;
    const truth = rows[from + labels[n]!]! - top;
    loss += Math.log(sum) - beta * truth;
    slope += mean - truth;
    curvature += second / sum - mean * mean;
  }
  return { loss: loss / images, slope: slope / images, curvature: curvature / images };
}
