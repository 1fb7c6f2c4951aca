/** From logits to labels and confidences: the max softmax of every classifier. */
import type { Explanation } from '../../contract/story.ts';
import type { Learnt } from '../../run/method.ts';
import type { Decisions } from '../../run/stream.ts';
import { greatestOf } from '../lines.ts';
import type { LinearWeights } from '../linear/settings.ts';
import { argmax, explainLogits } from '../logits.ts';
import type { TrainingOptions } from '../options/training.ts';
import type { SiteLogits } from './kernels.ts';
import type { Site } from './sites.ts';

/** Whose label an image has that no internal classifier lets go: the network's own, or that of the surest output. */
export interface LastLabel {
  readonly unconfident: 'network' | 'most-confident';
}

/** Classifiers where they sit. */
export interface AtSites {
  readonly sites: readonly Site[];
  /** Of the linear layer at each site. */
  readonly classifiers: readonly LinearWeights[];
  /** Epochs that each was trained; a fraction when it was cut short. */
  readonly epochs: readonly number[];
}

/** What SDN learnt from the training images: exits are the internal classifiers' and the network's own. */
export type SdnFitted = Learnt<TrainingOptions & LastLabel> & AtSites;

/** How many exits and classes there are, and who labels last. */
interface Deciding {
  readonly exits: { readonly length: number };
  readonly classes: { readonly length: number };
  readonly options: LastLabel;
}

/**
 * Decides images [from, from + count) at every exit.
 * @param logits float32 [count, M, K].
 */
export function decideSdn(
  { exits, classes, options }: Deciding,
  logits: Float32Array,
  from: number,
  count: number,
  { prediction, confidence, stride }: Decisions,
): void {
  const k = classes.length;
  const last = exits.length - 1;
  for (let i = 0, at = 0; i < count; i++) {
    let [surest, most] = [0, -1];
    for (let j = 0; j <= last; j++, at += k) {
      const best = argmax(logits, at, k);
      let sum = 0;
      for (let c = 0; c < k; c++) sum += Math.exp(logits[at + c]! - logits[at + best]!);
      if (1 / sum > most) [surest, most] = [best, 1 / sum];
      const takesSurest = j === last && options.unconfident === 'most-confident';
      prediction[j * stride + from + i] = takesSurest ? surest : best;
      confidence[j * stride + from + i] = takesSurest ? most : 1 / sum;
    }
  }
}

/** How sure a classifier is. @param logits [K]. */
export const classifierLine = (logits: Float32Array) => greatestOf(logits, 'softmax(W·x + b)');

export function explainSdn(fitted: SdnFitted, { logits }: SiteLogits): Explanation {
  const decide = (out: Decisions) => decideSdn(fitted, logits, 0, 1, out);
  return explainLogits(fitted, logits, decide, (row) => [classifierLine(row)]);
}
