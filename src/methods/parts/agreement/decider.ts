/** Decides images by two judges: a classifier or a branch, and class means. */
import type { Split } from '../../../core/dataset.ts';
import type { Exit } from '../../../core/trace.ts';
import type { Decider } from '../../run/stream.ts';
import type { Learning, LearningDecider } from '../../run/method.ts';
import { meanDistances } from '../means/normaliser.ts';
import type { Agreement } from '../options/agreement.ts';
import { pairOf, scorePair, type Pair, type PairArrays } from './pair.ts';
import { sortedBySite, type Ranks } from './ranks.ts';

/** What two judges have learnt. */
export interface PairFitted {
  readonly classes: readonly string[];
  readonly exits: readonly Exit[];
  /** Class means at the judges' places and on the network's output, as E2CM has them. */
  readonly means: Float32Array;
  readonly counts: Uint32Array;
  /** m [M, K]. */
  readonly normaliser: Float64Array;
  /** Both confidences of the training images; null until they are traced. */
  readonly ranks: Ranks | null;
  readonly options: { readonly agreement: Agreement };
}

/** What both judges say of images [from, from + count). */
export type DecidePair<Fitted> = (
  fitted: Fitted,
  arrays: PairArrays,
  from: number,
  count: number,
  pair: Pair,
) => void;

/** Decides images whose ranks are known. */
export function pairDecider<Fitted extends PairFitted>(
  decidePair: DecidePair<Fitted>,
  fitted: Fitted,
  { count: images }: Split,
): Decider<PairArrays> {
  const pair = pairOf(fitted.exits.length, images);
  return {
    decide(arrays, from, count, out) {
      decidePair(fitted, arrays, from, count, pair);
      scorePair(fitted, pair, from, from + count, out);
    },
  };
}

/**
 * Decides the training images and finds their ranks, and with `learnsMeans` the normaliser too. While the pass runs, both
 * are of the images so far, found anew when those have doubled; at the end all images are decided by those of all.
 */
export function rankingDecider<Fitted extends PairFitted>(
  decidePair: DecidePair<Fitted>,
  start: Fitted,
  { count: images }: Split,
  { onFitted }: Pick<Learning<Fitted>, 'onFitted'>,
  learnsMeans: boolean,
): LearningDecider<PairArrays, Fitted> {
  const exits = start.exits.length;
  const width = exits * start.classes.length;
  const pair = pairOf(exits, images);
  const room = () => new Float32Array(learnsMeans ? images * width : 0);
  const kept: PairArrays = { logits: room(), distances: room() };
  let fitted = start;
  let [ranked, decided, scored] = [0, 0, 0];
  /** Decides those images again that a new normaliser changes, and those that came since. */
  const decideKept = (ready: number) => {
    const part = (of: Float32Array) => of.subarray(decided * width, ready * width);
    const arrays = { logits: part(kept.logits), distances: part(kept.distances) };
    decidePair(fitted, arrays, decided, ready - decided, pair);
    decided = ready;
  };
  return {
    fitted: () => fitted,
    decide(arrays, from, count) {
      if (!learnsMeans) return decidePair(fitted, arrays, from, count, pair);
      kept.logits.set(arrays.logits, from * width);
      kept.distances.set(arrays.distances, from * width);
    },
    settle(ready, out, isComplete) {
      const isAnew = isComplete || ready >= 2 * ranked;
      if (isAnew) {
        if (learnsMeans)
          fitted = { ...fitted, normaliser: meanDistances(kept.distances, ready, width) };
        [ranked, decided, scored] = [ready, 0, 0];
      }
      if (learnsMeans) decideKept(ready);
      if (isAnew) {
        const ranks = {
          classifier: sortedBySite(pair.classifier, exits - 1, ready),
          means: sortedBySite(pair.means, exits - 1, ready),
        };
        fitted = { ...fitted, ranks };
        if (learnsMeans || isComplete) onFitted?.(fitted);
      }
      scorePair(fitted, pair, scored, ready, out);
      scored = ready;
    },
  };
}
