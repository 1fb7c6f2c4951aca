/** E2CM's second and third pass: normalisers, and the labels and confidences of both splits. */
import type { Split } from '../../core/dataset.ts';
import type { Arrays } from '../contract/arrays.ts';
import type { Through } from '../contract/kernel.ts';
import type { RunContext } from '../contract/run.ts';
import type { Distances } from '../parts/means/arrays.ts';
import { decide, decideByNetwork, type E2cmFitted } from '../parts/means/decide.ts';
import { Normaliser } from '../parts/means/normaliser.ts';
import type { Learning, LearningDecider } from '../run/method.ts';
import { inChunks } from '../run/pause.ts';
import type { Phases } from '../run/phases.ts';
import type { Decider } from '../run/stream.ts';

/** While fewer images than this are in, a new normaliser decides all of them again. */
const SETTLED_IMAGES = 4096;

/** The normaliser in a pass of its own, where distances are not kept. */
export async function fitNormaliser(
  through: Through<Arrays, Distances>,
  { classes, exits }: Pick<E2cmFitted, 'classes' | 'exits'>,
  split: Split,
  of: { readonly phases: Phases; readonly context: Pick<RunContext<never>, 'runner' | 'signal'> },
): Promise<Float64Array> {
  const { phases, context } = of;
  const normaliser = new Normaliser(exits.length * classes.length);
  const onBatch = (_: number, count: number, { distances }: Distances) =>
    normaliser.add(distances, count);
  await phases.pass({ ...through, classes: classes.length, split, onBatch }, context);
  return normaliser.mean();
}

/** Decides images with everything that was learnt; counts those whose two labels (normalised, raw) differ. */
export function deciderOf(fitted: E2cmFitted): Decider<Distances> {
  const { exits, options } = fitted;
  const counted = new Float64Array(exits.length);
  return {
    counted,
    decide({ distances, logits }, from, count, out) {
      decide(distances, 0, from, from + count, fitted, out, counted);
      if (options.lastExit === 'network')
        decideByNetwork(logits, from, from + count, exits.length, out);
    },
  };
}

/**
 * Decides the training images and finds the normaliser. While the pass runs, images are decided by the normaliser of the
 * images so far; at the end all are decided by the final one.
 */
export function learningDecider(
  start: E2cmFitted,
  split: Split,
  { onFitted, signal }: Learning<E2cmFitted>,
): LearningDecider<Distances, E2cmFitted> {
  const { exits, options, classes } = start;
  const width = exits.length * classes.length;
  const normaliser = new Normaliser(width);
  const kept = new Float32Array(split.count * width);
  const counted = new Float64Array(exits.length);
  let fitted = start;
  let decided = 0;
  return {
    fitted: () => fitted,
    counted,
    decide({ distances, logits }, from, count, out) {
      kept.set(distances, from * width);
      normaliser.add(distances, count);
      if (options.lastExit === 'network')
        decideByNetwork(logits, from, from + count, exits.length, out);
    },
    settle(ready, out, isComplete) {
      fitted = { ...start, normaliser: normaliser.mean() };
      onFitted?.(fitted);
      const first = decided < SETTLED_IMAGES ? 0 : decided;
      decided = ready;
      if (!isComplete) return decide(kept, first * width, first, ready, fitted, out);
      return inChunks(
        ready,
        Math.ceil(20_000 / width),
        (from, to) => decide(kept, from * width, from, to, fitted, out, counted),
        signal,
      );
    },
  };
}
