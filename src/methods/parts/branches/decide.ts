/** From logits to labels and entropies (Teerapittayanon et al. 2016, §III.B). */
import type { Exit } from '../../../core/trace.ts';
import type { NetworkFiles } from '../../../network/files.ts';
import type { Explanation } from '../../contract/story.ts';
import { linesOf } from '../lines.ts';
import { softmax } from '../softmax.ts';
import type { BranchLogits } from './kernels.ts';
import { entropyLines } from './lines.ts';
import type { Decisions } from '../../run/stream.ts';
import type { JointOptions } from '../options/training.ts';

/** What BranchyNet learnt: a network of its own. */
export interface BranchyFitted {
  readonly classes: readonly string[];
  /** The branches' exits and the network's own, with their cumulative cost. */
  readonly exits: readonly Exit[];
  /** The network that was trained here; null where the loaded one has branches already. */
  readonly network: NetworkFiles | null;
  /** Epochs that it was trained here; a fraction when it was cut short, 0 where it came trained. */
  readonly epochs: number;
  /** Images that were trained on here, the first ones of the split; all of them where it came trained. */
  readonly trainImages: number;
  readonly options: JointOptions;
}

/**
 * Decides images [from, from + count) at every exit: the label is the argmax, the confidence the entropy of the softmax
 * in nats, 0…ln K, small where the exit is sure.
 * @param logits float32 [count, M, K].
 */
export function decideBranchy(
  { exits, classes }: Pick<BranchyFitted, 'exits' | 'classes'>,
  logits: Float32Array,
  from: number,
  count: number,
  { prediction, confidence, stride }: Decisions,
): void {
  const k = classes.length;
  for (let i = 0, at = 0; i < count; i++)
    for (let j = 0; j < exits.length; j++, at += k) {
      let best = 0;
      for (let c = 1; c < k; c++) if (logits[at + c]! > logits[at + best]!) best = c;
      prediction[j * stride + from + i] = best;
      confidence[j * stride + from + i] = entropy(logits, at, k, logits[at + best]!);
    }
}

/** Of softmax(z): ln Σ e^(z−top) − Σ p·(z−top), with the terms of vanishing p left out. */
function entropy(logits: Float32Array, at: number, k: number, top: number): number {
  let sum = 0;
  let weighted = 0;
  for (let c = 0; c < k; c++) {
    const shifted = logits[at + c]! - top;
    const term = Math.exp(shifted);
    sum += term;
    if (term > 0) weighted += term * shifted;
  }
  return Math.max(0, Math.log(sum) - weighted / sum);
}

/** @param arrays what the logits kernel returned for this one image. */
export function explainBranchy(
  fitted: Omit<BranchyFitted, 'options'>,
  { logits }: BranchLogits,
): Explanation {
  const { exits, classes } = fitted;
  const k = classes.length;
  const probability = new Float32Array(logits.length);
  for (let j = 0; j < exits.length; j++)
    softmax(logits.subarray(j * k, (j + 1) * k), 1, probability.subarray(j * k, (j + 1) * k));
  const prediction = new Uint8Array(exits.length);
  const confidence = new Float32Array(exits.length);
  decideBranchy(fitted, logits, 0, 1, { prediction, confidence, stride: 1 });
  const last = logits.length - k;
  return {
    exits,
    classes,
    distance: null,
    normalised: null,
    probability,
    prediction,
    confidence,
    lines: linesOf(exits.length, (j) => entropyLines(logits.subarray(j * k, (j + 1) * k))),
    logits: logits.slice(last),
    softmax: probability.slice(last),
  };
}
