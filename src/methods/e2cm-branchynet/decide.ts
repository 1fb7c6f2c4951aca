/** From logits and distances to labels and one score an exit: plain arithmetic, no tensors. */
import type { Explanation } from '../contract/story.ts';
import { decideBranchy, explainBranchy, type BranchyFitted } from '../parts/branches/decide.ts';
import { decide, normalise, PAPER_RULE } from '../parts/means/decide.ts';
import { agreementLines } from '../parts/agreement/lines.ts';
import { linesOf } from '../parts/lines.ts';
import { meansLines } from '../parts/means/lines.ts';
import {
  judgedAt,
  pairOf,
  scorePair,
  type Pair,
  type PairArrays,
} from '../parts/agreement/pair.ts';
import type { Ranks } from '../parts/agreement/ranks.ts';
import type { E2cmBranchyOptions } from './options.ts';

/** What E2CM+BranchyNet learnt: a network with branches, and class means at their places. */
export interface E2cmBranchyFitted extends Omit<BranchyFitted, 'options'> {
  /** Indices of the branches' places among the network's default exits, and of its own output. */
  readonly outputs: readonly number[];
  /** Class means, as E2CM has them, at the branches and on the network's output. */
  readonly means: Float32Array;
  readonly counts: Uint32Array;
  /** m [branches + 1, K]. */
  readonly normaliser: Float64Array;
  /** Both confidences of the training images, the branches' as ln K − entropy; null while they are not known. */
  readonly ranks: Ranks | null;
  readonly options: E2cmBranchyOptions;
}

/**
 * What the branches and E2CM each say of images [from, from + count). A branch's confidence is what its entropy lacks of
 * ln K, so that it grows with sureness from 0 on, as those of E2CM+SDN do.
 */
export function decideBranchPair(
  fitted: Omit<E2cmBranchyFitted, 'options' | 'ranks'>,
  { logits, distances }: PairArrays,
  from: number,
  count: number,
  { classifier, means }: Pair,
): void {
  decideBranchy(fitted, logits, from, count, classifier);
  const { confidence, stride } = classifier;
  const most = Math.log(fitted.classes.length);
  for (let j = 0; j < fitted.exits.length; j++)
    for (let at = j * stride + from; at < j * stride + from + count; at++)
      confidence[at] = Math.max(0, most - confidence[at]!);
  const { counts, normaliser } = fitted;
  decide(distances, 0, from, from + count, { counts, normaliser, options: PAPER_RULE }, means);
}

/** @param arrays what the outputs kernel returned for this one image. */
export function explainBranchPair(fitted: E2cmBranchyFitted, arrays: PairArrays): Explanation {
  const { exits, classes, counts, normaliser, options } = fitted;
  const k = classes.length;
  const { logits } = arrays;
  const distance = arrays.distances.slice();
  const pair = pairOf(exits.length, 1);
  decideBranchPair(fitted, { logits, distances: distance }, 0, 1, pair);
  const prediction = new Uint8Array(exits.length);
  const confidence = new Float32Array(exits.length);
  scorePair(fitted, pair, 0, 1, { prediction, confidence, stride: 1 });
  const normalised = new Float32Array(distance.length);
  for (let at = 0; at < distance.length; at++) {
    // The network itself decides at the last exit: its distances play no part.
    if (counts[at % k] === 0 || at >= distance.length - k) distance[at] = Infinity;
    normalised[at] =
      distance[at] === Infinity ? Infinity : normalise(distance[at]!, normaliser[at]!);
  }
  const branches = explainBranchy(fitted, arrays);
  const lines = linesOf(exits.length, (j) => {
    const row = [j * k, (j + 1) * k] as const;
    const entropy = branches.lines[j]!;
    // With more digits than elsewhere, since most of them may go in the difference.
    const [most, unsure] = [Math.log(k), entropy.at(-1)!.value].map((nats) => nats.toFixed(6));
    const sure = { says: `ln K − entropy = ${most} − ${unsure}` };
    const own = [...entropy, { ...sure, value: pair.classifier.confidence[j]! }];
    const means = meansLines(distance.subarray(...row), normalised.subarray(...row));
    const judged = judgedAt(pair, j, { own, means });
    return agreementLines(judged, options.agreement, fitted.ranks, j, 'branch');
  });
  return { ...branches, distance, normalised, prediction, confidence, lines };
}
