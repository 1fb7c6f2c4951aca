/** What E2CM+BranchyNet learnt, and what both judges say: plain arithmetic, no tensors. */
import type { Formula } from '../contract/story.ts';
import type { PairFitted } from '../parts/agreement/decider.ts';
import type { Pair, PairArrays } from '../parts/agreement/pair.ts';
import { decideBranchy, type BranchyFitted } from '../parts/branches/decide.ts';
import { entropyLines } from '../parts/branches/lines.ts';
import { decide, PAPER_RULE } from '../parts/means/decide.ts';
import type { E2cmBranchyOptions } from './options.ts';

/** A network with branches, and class means at their places. A branch's confidence is ln K − entropy. */
export interface E2cmBranchyFitted extends BranchyFitted, PairFitted {
  /** Indices of the branches' places among the network's default exits, and of its own output. */
  readonly outputs: readonly number[];
  /** Whether the normaliser is known: it comes with the trace of the training images. */
  readonly isNormalised: boolean;
  readonly options: E2cmBranchyOptions;
}

/**
 * What the branches and E2CM each say of images [from, from + count). A branch's confidence is what its entropy lacks of
 * ln K, so that it grows with sureness from 0 on, as those of E2CM+SDN do.
 */
export function decideBranchPair(
  fitted: E2cmBranchyFitted,
  { logits, distances }: PairArrays,
  from: number,
  count: number,
  { classifier, means }: Pair,
): void {
  decideBranchy(fitted, logits, from, count, classifier);
  const { confidence, stride } = classifier;
  for (let j = 0, at = from; j < fitted.exits.length; j++, at += stride)
    sureness(confidence.subarray(at, at + count), fitted.classes.length);
  const { counts, normaliser } = fitted;
  decide(distances, 0, from, from + count, { counts, normaliser, options: PAPER_RULE }, means);
}

/** Turns entropies into what they lack of ln K. */
export function sureness(entropies: Float32Array, classes: number): void {
  const most = Math.log(classes);
  for (let at = 0; at < entropies.length; at++) entropies[at] = Math.max(0, most - entropies[at]!);
}

/** How a branch comes to its confidence. @param logits [K]. */
export function branchLines(logits: Float32Array, confidence: number): Formula[] {
  const entropy = entropyLines(logits);
  // With more digits than elsewhere, since most of them may go in the difference.
  const [most, unsure] = [Math.log(logits.length), entropy.at(-1)!.value].map((n) => n.toFixed(6));
  return [...entropy, { says: `ln K − entropy = ${most} − ${unsure}`, value: confidence }];
}
