/** What a planned exit says of an image, in plain arithmetic: what exports are checked against. */
import { leaves } from '../core/policy.ts';
import type { WrittenJudge, Logits, Means, Sureness } from '../methods/contract/written.ts';
import { decisionFeatures, featureCount, tradeOffOf } from '../methods/bwds/decisions.ts';
import { argmax } from '../methods/parts/logits.ts';
import { isAnyEnough, type Plan, type PlannedExit } from './plan.ts';

/** What is known of an image at an exit. */
export interface Known {
  /** The network's output there, flattened in the order of height, width and channels; of the last one the logits. */
  readonly output: Float32Array;
  /** Logits of the branch on it, or of the network at its end; null where there are none. */
  readonly logits: Float32Array | null;
}

export interface Word {
  readonly label: number;
  /** Of each judge. */
  readonly confidences: readonly number[];
  /** Whether the image leaves. */
  readonly leaves: boolean;
}

/** @param known of an image at exit i of the plan. */
export function decideAt(plan: Plan, i: number, known: Known): Word {
  const exit = plan.exits[i]!;
  const words = exit.judges.map((judge) => judged(judge, known));
  const { label } = words[0]!;
  let confidences = words.map(({ confidence }) => Math.fround(confidence));
  const isSame = label === words[1]?.label;
  const own = confidences[0]!;
  if (exit.agree === 'label') confidences = [isSame ? own : 0];
  if (exit.agree === 'by-label') confidences = isSame ? [-1, own] : [own, -1];
  const isLast = i === plan.exits.length - 1;
  return { label, confidences, leaves: isLast || isLet(plan, exit, confidences, label) };
}

function isLet(
  { rule }: Plan,
  { thresholds, agree }: PlannedExit,
  confidences: readonly number[],
  label: number,
): boolean {
  const met = thresholds.map((of, j) => {
    const threshold = of[of.length > 1 ? label : 0]!;
    return leaves(rule, confidences[j]!, threshold);
  });
  return isAnyEnough(agree) ? met.some(Boolean) : met.every(Boolean);
}

/**
 * Sends an image through all exits.
 * @param knownAt what is known of it at exit i of the plan.
 */
export function decide(plan: Plan, knownAt: (i: number) => Known): Word & { readonly at: number } {
  let surest: Word | null = null;
  for (let i = 0; ; i++) {
    const word = decideAt(plan, i, knownAt(i));
    if (!surest || word.confidences[0]! > surest.confidences[0]!) surest = word;
    if (!word.leaves) continue;
    const isLast = i === plan.exits.length - 1;
    return { ...(isLast && plan.takesSurest ? { ...surest, leaves: true } : word), at: i };
  }
}

function judged(
  judge: WrittenJudge,
  { output, logits }: Known,
): { label: number; confidence: number } {
  if (judge.kind === 'means') return nearest(judge, judge.label === 'raw', output);
  const z = logitsOf(judge.logits, output, logits);
  return { label: argmax(z, 0, z.length), confidence: sureness(judge.sureness, z) };
}

function distancesTo({ means, counts }: Means, x: Float32Array): Float64Array {
  const size = x.length;
  return Float64Array.from(counts, (_, c) => {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += (x[d]! - means[c * size + d]!) ** 2;
    return Math.sqrt(sum);
  });
}

function nearest(of: Means, isRaw: boolean, x: Float32Array) {
  const raw = distancesTo(of, x);
  const scaled = raw.map((d, c) => d * inverse(of.normaliser[c]!));
  const there = [...of.counts.keys()].filter((c) => of.counts[c]! > 0);
  const least = (d: Float64Array) => there.reduce((best, c) => (d[c]! < d[best]! ? c : best));
  const near = least(scaled);
  const sum = there.reduce((sum, c) => sum + Math.exp(scaled[near]! - scaled[c]!), 0);
  return { label: isRaw ? least(raw) : near, confidence: 1 / sum };
}

/** 1 / m; where every training image lies on a mean, whatever is off it is as good as infinitely far. */
export const inverse = (mean: number): number => (mean > 0 ? 1 / mean : 1e30);

function logitsOf(of: Logits, x: Float32Array, logits: Float32Array | null): Float32Array {
  if (of.from !== 'linear') {
    if (!logits) throw new Error('The logits of this exit are missing.');
    return logits;
  }
  const { bias, weights, near } = of;
  const inputs = pooled(of, x);
  const k = bias.length;
  const z = Float64Array.from(bias);
  inputs.forEach((value, d) => {
    for (let c = 0; c < k; c++) z[c]! += value * weights[d * k + c]!;
  });
  if (near)
    distancesTo(near, x).forEach((distance, c) => {
      const mean = near.normaliser[c]!;
      const scaled = near.counts[c]! > 0 && mean > 0 ? distance / mean : 0;
      for (let to = 0; to < k; to++) z[to]! += scaled * near.weights[c * k + to]!;
    });
  return Float32Array.from(z);
}

/** What a linear layer sees, in the order of height, width and channels. */
function pooled(
  { map: [height, width, channels], pool, alpha }: Extract<Logits, { from: 'linear' }>,
  x: Float32Array,
): Float64Array {
  if (pool === 'none') return Float64Array.from(x);
  const [rows, columns] = pool === 'average' ? [height, width] : pool;
  const share = pool === 'average' ? 0 : alpha;
  const [down, across] = [Math.floor(height / rows), Math.floor(width / columns)];
  const out = new Float64Array(down * across * channels);
  let at = 0;
  for (let y = 0; y < down; y++)
    for (let column = 0; column < across; column++)
      for (let c = 0; c < channels; c++) {
        let [most, sum] = [-Infinity, 0];
        for (let dy = 0; dy < rows; dy++)
          for (let dx = 0; dx < columns; dx++) {
            const place = (y * rows + dy) * width + column * columns + dx;
            const value = x[place * channels + c]!;
            most = Math.max(most, value);
            sum += value;
          }
        out[at++] = share * most + ((1 - share) * sum) / (rows * columns);
      }
  return out;
}

function sureness(of: Sureness, z: Float32Array): number {
  const k = z.length;
  const top = z[argmax(z, 0, k)]!;
  let [sum, weighted] = [0, 0];
  for (const logit of z) {
    const term = Math.exp(logit - top);
    sum += term;
    if (term > 0) weighted += term * (logit - top);
  }
  if (of.kind === 'softmax') return 1 / sum;
  const entropy = Math.max(0, Math.log(sum) - weighted / sum);
  if (of.kind === 'entropy') return entropy;
  if (of.kind === 'certainty') return Math.max(0, Math.log(k) - entropy);
  const features = new Float32Array(featureCount(k));
  decisionFeatures(z, 0, k, features, 0);
  return tradeOffOf(of.decisions, of.lambdas, 1, 0, features, 0).score;
}
