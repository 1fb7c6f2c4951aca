/** From logits and distances to labels and one score an exit: plain arithmetic, no tensors. */
import type { Formula } from '../contract/story.ts';
import type { Judged } from '../parts/agreement/lines.ts';
import { E2CM_DEFAULTS } from '../e2cm/options.ts';
import { decide } from '../parts/means/decide.ts';
import type { SdnFitted } from '../sdn/decide.ts';
import { decideSdn } from '../sdn/decide.ts';
import type { Decisions } from '../run/stream.ts';
import type { E2cmSdnOptions } from './options.ts';
import { rankOf, type Ranks } from '../parts/agreement/ranks.ts';

/** What E2CM+SDN learnt: classifiers and class means at the same sites. */
export interface E2cmSdnFitted extends Omit<SdnFitted, 'options'> {
  /** Index of the network's own output among its default exits. */
  readonly last: number;
  /** Class means, as E2CM has them, at the sites and on the network's output. */
  readonly means: Float32Array;
  readonly counts: Uint32Array;
  /** m [S + 1, K]. */
  readonly normaliser: Float64Array;
  /** Both confidences of the training images; null until they are traced, and where the rule needs none. */
  readonly ranks: Ranks | null;
  readonly options: E2cmSdnOptions;
}

/** What a classifier sees of a distance: d / m; 0 where there is no mean, or no spread around it. */
export function scaledDistance(distance: number, mean: number, count: number): number {
  return count > 0 && mean > 0 ? distance / mean : 0;
}

/** Both confidences of some images, [S + 1 exits, stride], and E2CM's labels. */
export interface Pair {
  readonly classifier: Decisions;
  readonly means: Decisions;
}

export function pairOf(exits: number, images: number): Pair {
  const decisions = (): Decisions => ({
    prediction: new Uint8Array(exits * images),
    confidence: new Float32Array(exits * images),
    stride: images,
  });
  return { classifier: decisions(), means: decisions() };
}

/** What both said of the one image of a pair at an exit. */
export function judgedAt(
  { classifier, means }: Pair,
  exit: number,
  lines: { readonly own: readonly Formula[]; readonly means: readonly Formula[] },
): Judged {
  const of = ({ prediction, confidence }: Decisions) => ({
    label: prediction[exit]!,
    confidence: confidence[exit]!,
  });
  return {
    own: { ...of(classifier), lines: lines.own },
    means: { ...of(means), lines: lines.means },
  };
}

/**
 * What the classifiers and E2CM each say of images [from, from + count).
 * @param logits float32 [count, S + 1, K]. @param distances float32 [count, S + 1, K].
 */
export function decidePair(
  { exits, classes, counts, normaliser }: E2cmSdnFitted,
  { logits, distances }: { logits: Float32Array; distances: Float32Array },
  from: number,
  count: number,
  out: Pair,
): void {
  const options = { unconfident: 'network' } as const;
  decideSdn({ exits, classes, options }, logits, from, count, out.classifier);
  const means = { counts, normaliser, options: E2CM_DEFAULTS };
  decide(distances, 0, from, from + count, means, out.means);
}

/**
 * One score an exit, so that one threshold means both: leave iff score ≥ T. Confidences of classifier and E2CM live on
 * scales that have nothing in common, so each is replaced by its rank among the training images at that exit: the share
 * of them that are at most as sure. Then min(rank, rank) ≥ q iff both thresholds of quantile q are met, and
 * max(rank, rank) ≥ q iff one is. For `and-label` the score is the classifier's confidence, and 0 where E2CM names
 * another class: any T above 0 keeps those; T ≤ 0 opens the exit to everybody.
 */
export function scorePair(
  {
    exits,
    options,
    ranks,
  }: Pick<E2cmSdnFitted, 'exits' | 'ranks'> & { options: Pick<E2cmSdnOptions, 'agreement'> },
  { classifier, means }: Pair,
  from: number,
  to: number,
  out: Decisions,
): void {
  const last = exits.length - 1;
  for (let j = 0; j <= last; j++)
    for (let i = from; i < to; i++) {
      const own = j * classifier.stride + i;
      const other = j * means.stride + i;
      const sure = classifier.confidence[own]!;
      const at = j * out.stride + i;
      out.prediction[at] = classifier.prediction[own]!;
      if (j === last || (ranks === null && options.agreement !== 'and-label')) {
        out.confidence[at] = sure;
      } else if (options.agreement === 'and-label') {
        out.confidence[at] = means.prediction[other] === classifier.prediction[own] ? sure : 0;
      } else {
        const both = [
          rankOf(ranks!.classifier[j]!, sure),
          rankOf(ranks!.means[j]!, means.confidence[other]!),
        ] as const;
        out.confidence[at] = options.agreement === 'or' ? Math.max(...both) : Math.min(...both);
      }
    }
}
