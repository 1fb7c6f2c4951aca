/** What two judges say of images, and the one score by which both are held against a threshold. */
import type { Exit } from '../../../core/trace.ts';
import type { Formula } from '../../contract/story.ts';
import type { Decisions } from '../../run/stream.ts';
import type { Agreement } from '../options/agreement.ts';
import type { Judged } from './lines.ts';
import { rankOf, type Ranks } from './ranks.ts';

/** Both confidences of some images, [S + 1 exits, stride], and E2CM's labels. */
export interface Pair {
  readonly classifier: Decisions;
  readonly means: Decisions;
}

/** What a kernel says of images, to both judges: float32 [count, exits, K] each. */
export type PairArrays = { readonly logits: Float32Array; readonly distances: Float32Array };

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
 * One score an exit, so that one threshold means both: leave iff score ≥ T. Confidences of classifier and E2CM live on
 * scales that have nothing in common, so each is replaced by its rank among the training images at that exit: the share
 * of them that are at most as sure. Then min(rank, rank) ≥ q iff both thresholds of quantile q are met, and
 * max(rank, rank) ≥ q iff one is. For `and-label` the score is the classifier's confidence, and 0 where E2CM names
 * another class: any T above 0 keeps those; T ≤ 0 opens the exit to everybody.
 */
export function scoreAt(
  exit: number,
  own: { readonly label: number; readonly sure: number },
  means: { readonly label: number; readonly sure: number },
  { agreement, ranks }: { readonly agreement: Agreement; readonly ranks: Ranks | null },
): number {
  if (agreement === 'and-label') return own.label === means.label ? own.sure : 0;
  if (!ranks) return own.sure;
  const first = rankOf(ranks.classifier[exit]!, own.sure);
  const second = rankOf(ranks.means[exit]!, means.sure);
  return agreement === 'or' ? Math.max(first, second) : Math.min(first, second);
}

/** Scores of images [from, to) at every exit, with the labels of the first judge; at the last one it decides alone. */
export function scorePair(
  {
    exits,
    options,
    ranks,
  }: {
    readonly exits: readonly Exit[];
    readonly ranks: Ranks | null;
    readonly options: { readonly agreement: Agreement };
  },
  { classifier, means }: Pair,
  from: number,
  to: number,
  out: Decisions,
): void {
  const last = exits.length - 1;
  const of = { agreement: options.agreement, ranks };
  for (let j = 0; j <= last; j++)
    for (let i = from; i < to; i++) {
      const [own, other] = [j * classifier.stride + i, j * means.stride + i];
      const at = j * out.stride + i;
      const first = { label: classifier.prediction[own]!, sure: classifier.confidence[own]! };
      const second = { label: means.prediction[other]!, sure: means.confidence[other]! };
      out.prediction[at] = first.label;
      out.confidence[at] = j === last ? first.sure : scoreAt(j, first, second, of);
    }
}
