/**
 * Weights of a geometric ensemble, as in Zero-Time-Waste (Wołczyk et al. 2021, eq. 3): exit m says
 * q_m ∝ b_m · ∏_{j ≤ m} p_j^{w_mj}, with w ≥ 0, by the likelihood of the tuning labels. Beyond it there: its exits see the
 * exit before them (cascade connections) and its weights are learnt on the training images; here exits are as they came,
 * and the weights are learnt on the images that thresholds are chosen on.
 */
import { expOf } from './exp.ts';
import {
  floored,
  logSumExp,
  normalise,
  rowsAt,
  weigh,
  type Chosen,
  type Scored,
  type Weights,
} from './rows.ts';

/** Pulls weights and biases back to those they began from, so that none runs away where labels are all right. */
const RIDGE = 1e-3;
const STEPS = 60;
/** Every so many images find the neighbourhood of the weights, where there are enough; all of them go on from there. */
const FEW = 5;
const ENOUGH = 2000;
const STEPS_ON = 12;
const CLOSE = 1e-5;
/** Of a loss: what so many steps as are remembered must gain to be gone on with. */
const GAIN = 1e-6;
/** Steps are compared with the worst of so many before them, so that they may be long (Birgin et al. 2000, SPG). */
const MEMORY = 5;

/** The weights of every exit, each begun from those of the exit before it or from itself alone, whichever fits better. */
export function fitWeights(of: Scored, images: Chosen): Weights[] {
  const { label, classes, exits } = of.trace;
  const k = classes.length;
  const labels = Uint16Array.from(
    { length: images.count },
    (_, n) => label[images.first + n * images.step]!,
  );
  const logs: Float64Array[] = [];
  const few: Float64Array[] = [];
  const fewLabels = labels.filter((_, n) => n % FEW === 0);
  const found: Weights[] = [];
  for (let j = 0; j < exits.length; j++) {
    const rows = rowsAt(of, j, images);
    normalise(rows, k);
    logs.push(floored(rows));
    few.push(logs[j]!.filter((_, at) => Math.floor(at / k) % FEW === 0));
    const alone = begin(j, k, null);
    const starts = j > 0 ? [alone, begin(j, k, found[j - 1]!)] : [alone];
    const losses = starts.map((one) => evaluate(logs, labels, one, one).loss);
    const start = losses.length > 1 && losses[1]! < losses[0]! ? starts[1]! : alone;
    const isEnough = images.count >= ENOUGH;
    const near = isEnough ? climb(few, fewLabels, start, start, STEPS) : start;
    found.push(climb(logs, labels, near, start, isEnough ? STEPS_ON : STEPS));
  }
  return found;
}

function begin(j: number, classes: number, before: Weights | null): Weights {
  const weight = new Float64Array(j + 1);
  if (before) weight.set(before.weight);
  else weight[j] = 1;
  return { weight, bias: before ? before.bias.slice() : new Float64Array(classes) };
}

interface Point extends Weights {
  readonly loss: number;
  /** With respect to the weights, then the biases. */
  readonly slope: Float64Array;
}

/** Mean negative log-likelihood of the labels and its gradient; convex in weights and biases. */
function evaluate(
  logs: readonly Float64Array[],
  labels: Uint16Array,
  { weight, bias }: Weights,
  start: Weights,
): Point {
  const [m, k, images] = [weight.length, bias.length, labels.length];
  const rows = new Float64Array(images * k);
  weigh(logs, { weight, bias }, rows);
  const slope = new Float64Array(m + k);
  let loss = 0;
  for (let n = 0; n < images; n++) {
    const at = n * k;
    const truth = at + labels[n]!;
    const whole = logSumExp(rows, at, k);
    loss += whole - rows[truth]!;
    // From here on the row holds p − [c = label].
    for (let c = at; c < at + k; c++) rows[c] = expOf(Math.min(0, rows[c]! - whole));
    rows[truth]! -= 1;
    for (let c = 0; c < k; c++) slope[m + c]! += rows[at + c]!;
  }
  for (let j = 0; j < m; j++) {
    const log = logs[j]!;
    let sum = 0;
    for (let at = 0; at < rows.length; at++) sum += rows[at]! * log[at]!;
    slope[j] = sum;
  }
  loss /= images;
  for (let n = 0; n < m + k; n++) {
    const off = n < m ? weight[n]! - start.weight[n]! : bias[n - m]! - start.bias[n - m]!;
    loss += (RIDGE / 2) * off * off;
    slope[n] = slope[n]! / images + RIDGE * off;
  }
  return { weight, bias, loss, slope };
}

/**
 * The least loss, by the spectral projected gradient method.
 * @param pulled where weights are pulled back to.
 */
function climb(
  logs: readonly Float64Array[],
  labels: Uint16Array,
  start: Weights,
  pulled: Weights,
  steps: number,
): Weights {
  const m = start.weight.length;
  let here = evaluate(logs, labels, start, pulled);
  let best = here;
  let length = 1 / Math.max(CLOSE, ...here.slope.map(Math.abs));
  const losses = [here.loss];
  for (let step = 0; step < steps; step++) {
    const from = flat(here);
    const way = from.map((value, n) => projected(value - length * here.slope[n]!, n < m) - value);
    if (Math.max(...way.map(Math.abs)) < CLOSE) break;
    const descent = way.reduce((sum, value, n) => sum + value * here.slope[n]!, 0);
    const worst = Math.max(...losses.slice(-MEMORY));
    let share = 1;
    let next = moved(from, way, share);
    while (next.loss > worst + 1e-4 * share * descent && share > 1e-6) {
      share /= 2;
      next = moved(from, way, share);
    }
    let [square, product] = [0, 0];
    for (let n = 0; n < from.length; n++) {
      const moveBy = share * way[n]!;
      square += moveBy * moveBy;
      product += moveBy * (next.slope[n]! - here.slope[n]!);
    }
    length = product > 0 ? Math.min(1e6, Math.max(1e-6, square / product)) : 1e3;
    here = next;
    losses.push(here.loss);
    const ago = losses.at(-1 - MEMORY);
    if (ago !== undefined && ago - Math.min(...losses.slice(-MEMORY)) < GAIN * ago) break;
    if (here.loss < best.loss) best = here;
  }
  return { weight: best.weight, bias: best.bias };

  function moved(from: Float64Array, way: Float64Array, share: number): Point {
    const to = from.map((value, n) => value + share * way[n]!);
    return evaluate(logs, labels, { weight: to.slice(0, m), bias: to.slice(m) }, pulled);
  }
}

const flat = ({ weight, bias }: Weights): Float64Array => Float64Array.of(...weight, ...bias);

const projected = (value: number, isWeight: boolean): number =>
  isWeight ? Math.max(0, value) : value;
