/** From logits to labels and confidences: the max softmax of every classifier. */
import type { Exit } from '../../../core/trace.ts';
import type { Explanation } from '../../contract/story.ts';
import type { LinearWeights } from '../linear/settings.ts';
import { greatestOf, linesOf } from '../lines.ts';
import { softmax } from '../softmax.ts';
import type { Decisions } from '../../run/stream.ts';
import type { TrainingOptions } from '../options/training.ts';
import type { SiteLogits } from './kernels.ts';
import type { Site } from './sites.ts';

/** Whose label an image has that no internal classifier lets go: the network's own, or that of the surest output. */
export interface LastLabel {
  readonly unconfident: 'network' | 'most-confident';
}

/** What SDN learnt from the training images. */
export interface SdnFitted {
  readonly classes: readonly string[];
  /** The internal classifiers' exits and the network's own, with their cumulative cost. */
  readonly exits: readonly Exit[];
  readonly sites: readonly Site[];
  /** Of the linear layer at each site. */
  readonly classifiers: readonly LinearWeights[];
  /** Epochs that each was trained; a fraction when it was cut short. */
  readonly epochs: readonly number[];
  /** Images that were trained on, the first ones of the split. */
  readonly trainImages: number;
  readonly options: TrainingOptions & LastLabel;
}

/**
 * Decides images [from, from + count) at every exit.
 * @param logits float32 [count, M, K].
 */
export function decideSdn(
  { exits, classes, options }: Pick<SdnFitted, 'exits' | 'classes'> & { options: LastLabel },
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
      let best = 0;
      for (let c = 1; c < k; c++) if (logits[at + c]! > logits[at + best]!) best = c;
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
export const classifierLine = (logits: Float32Array) => greatestOf(logits, 1, 'softmax(W·x + b)');

/** @param arrays what the outputs kernel returned for this one image. */
export function explainSdn(
  fitted: Omit<SdnFitted, 'options'> & { options: LastLabel },
  { logits }: SiteLogits,
): Explanation {
  const { exits, classes } = fitted;
  const k = classes.length;
  const probability = new Float32Array(logits.length);
  for (let j = 0; j < exits.length; j++)
    softmax(logits.subarray(j * k, (j + 1) * k), 1, probability.subarray(j * k, (j + 1) * k));
  const prediction = new Uint8Array(exits.length);
  const confidence = new Float32Array(exits.length);
  decideSdn(fitted, logits, 0, 1, { prediction, confidence, stride: 1 });
  const last = logits.length - k;
  return {
    exits,
    classes,
    distance: null,
    normalised: null,
    probability,
    prediction,
    confidence,
    lines: linesOf(exits.length, (j) => [classifierLine(logits.subarray(j * k, (j + 1) * k))]),
    logits: logits.slice(last),
    softmax: probability.slice(last),
  };
}
