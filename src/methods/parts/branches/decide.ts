/** From logits to labels and entropies (Teerapittayanon et al. 2016, §III.B). */
import type { NetworkFiles } from '../../../network/files.ts';
import type { Explanation } from '../../contract/story.ts';
import type { Learnt } from '../../run/method.ts';
import { argmax, explainLogits } from '../logits.ts';
import type { BranchLogits } from './kernels.ts';
import { entropyLines } from './lines.ts';
import type { Decisions } from '../../run/stream.ts';
import type { JointOptions } from '../options/training.ts';

/** What BranchyNet learnt: a network of its own. Exits are the branches' and the network's own. */
export interface BranchyFitted extends Learnt<JointOptions> {
  /** The network that was trained here; null where the loaded one has branches already. */
  readonly network: NetworkFiles | null;
  /** Epochs that it was trained here; a fraction when it was cut short, 0 where it came trained. */
  readonly epochs: number;
}

/**
 * Decides images [from, from + count) at every exit: the label is the argmax, the confidence the entropy of the softmax
 * in nats, 0…ln K, small where the exit is sure.
 * @param logits float32 [count, M, K].
 */
export function decideBranchy(
  {
    exits,
    classes,
  }: { readonly exits: { readonly length: number }; readonly classes: { readonly length: number } },
  logits: Float32Array,
  from: number,
  count: number,
  { prediction, confidence, stride }: Decisions,
): void {
  const k = classes.length;
  for (let i = 0, at = 0; i < count; i++)
    for (let j = 0; j < exits.length; j++, at += k) {
      const best = argmax(logits, at, k);
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

export function explainBranchy(
  fitted: Pick<BranchyFitted, 'exits' | 'classes'>,
  { logits }: BranchLogits,
): Explanation {
  const decide = (out: Decisions) => decideBranchy(fitted, logits, 0, 1, out);
  return explainLogits(fitted, logits, decide, entropyLines);
}
