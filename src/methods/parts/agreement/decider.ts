/** Decides images by two judges: a classifier or a branch, and class means. A trace keeps what both say. */
import type { Pairing } from '../../../core/pairing.ts';
import type { Split } from '../../../core/dataset.ts';
import type { Exit } from '../../../core/trace.ts';
import type { Decider } from '../../run/stream.ts';
import type { Learning, LearningDecider } from '../../run/method.ts';
import { meanDistances } from '../means/normaliser.ts';
import type { Pair, PairArrays } from './pair.ts';

/** What two judges have learnt. */
export interface PairFitted {
  readonly classes: readonly string[];
  readonly exits: readonly Exit[];
  /** Class means at the judges' places and on the network's output, as E2CM has them. */
  readonly means: Float32Array;
  readonly counts: Uint32Array;
  /** m [M, K]. */
  readonly normaliser: Float64Array;
  readonly options: { readonly agreement: Pairing };
}

/** What both judges say of images [from, from + count). */
export type DecidePair<Fitted> = (
  fitted: Fitted,
  arrays: PairArrays,
  from: number,
  count: number,
  pair: Pair,
) => void;

/** Decides images whose distances have a normaliser. */
export const pairDecider = <Fitted extends PairFitted>(
  decidePair: DecidePair<Fitted>,
  fitted: Fitted,
): Decider<PairArrays> => ({
  isPair: true,
  decide(arrays, from, count, out) {
    decidePair(fitted, arrays, from, count, { classifier: out, means: out.second! });
  },
});

/**
 * Decides the training images and finds the normaliser of their distances. While the pass runs it is of the images so far,
 * found anew when those have doubled; at the end all images are decided by that of all.
 */
export function normalisingDecider<Fitted extends PairFitted>(
  decidePair: DecidePair<Fitted>,
  start: Fitted,
  { count: images }: Split,
  { onFitted }: Pick<Learning<Fitted>, 'onFitted'>,
  settled: (fitted: Fitted) => Fitted,
): LearningDecider<PairArrays, Fitted> {
  const width = start.exits.length * start.classes.length;
  const room = () => new Float32Array(images * width);
  const kept: PairArrays = { logits: room(), distances: room() };
  let fitted = start;
  let [normalised, decided] = [0, 0];
  return {
    isPair: true,
    fitted: () => fitted,
    decide(arrays, from) {
      kept.logits.set(arrays.logits, from * width);
      kept.distances.set(arrays.distances, from * width);
    },
    settle(ready, out, isComplete) {
      if (isComplete || ready >= 2 * normalised) {
        fitted = { ...fitted, normaliser: meanDistances(kept.distances, ready, width) };
        if (isComplete) fitted = settled(fitted);
        [normalised, decided] = [ready, 0];
        onFitted?.(fitted);
      }
      const part = (of: Float32Array) => of.subarray(decided * width, ready * width);
      const arrays = { logits: part(kept.logits), distances: part(kept.distances) };
      const pair = { classifier: out, means: out.second! };
      decidePair(fitted, arrays, decided, ready - decided, pair);
      decided = ready;
    },
  };
}
