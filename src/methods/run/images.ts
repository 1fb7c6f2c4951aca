/** Which images a method learns from, and what every trace of it says of itself. */
import { firstImages, sliceImages, type Dataset, type Split } from '../../core/dataset.ts';
import type { Exit, TraceHead, TraceSplit } from '../../core/trace.ts';
import type { RunContext } from '../contract/run.ts';
import type { ImageOptions } from '../parts/options/images.ts';

/** The images that are learnt from, and those that are kept back. */
export interface TrainingImages {
  readonly train: Split;
  readonly holdout: Split | null;
}

/**
 * @param what needs them, for the sentence when there are none: "E2CM needs them for its class means".
 */
export function trainingImages(
  { train, shape, title }: Dataset,
  { trainImages, holdout }: ImageOptions,
  what: string,
): TrainingImages {
  if (!Number.isInteger(trainImages) || trainImages < 0)
    throw new Error(
      `The number of training images must be a whole number, 0 for all; ${trainImages} came.`,
    );
  if (!(holdout >= 0 && holdout <= 0.5))
    throw new Error(`The held-out share must be between 0 and 0.5; ${holdout} came.`);
  if (train.count === 0) throw new Error(`${title} has no training images; ${what}.`);
  const used = trainImages === 0 ? train : firstImages(train, shape, trainImages);
  const kept = used.count - Math.round(holdout * used.count);
  if (kept === used.count) return { train: used, holdout: null };
  return {
    train: sliceImages(used, shape, 0, kept),
    holdout: sliceImages(used, shape, kept, used.count),
  };
}

/** "class a" or "classes a, b": those of which no image came; null when there are none. */
export function missingClasses(
  classes: readonly string[],
  counts: ArrayLike<number>,
): string | null {
  const missing = classes.filter((_, k) => counts[k] === 0);
  return missing.length === 0
    ? null
    : `${missing.length === 1 ? 'class' : 'classes'} ${missing.join(', ')}`;
}

/** @throws Error with a sentence when there are more classes than a label's byte can name. */
export function checkClasses({ classes }: Dataset): void {
  if (classes.length > 256)
    throw new Error(`The dataset has ${classes.length} classes; at most 256 are supported.`);
}

interface HeadParts {
  readonly method: string;
  readonly exits: readonly Exit[];
  /** Images that were learnt from. */
  readonly trainImages: number;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** What a trace says of itself before it has images. */
export function traceHead<Fitted>(
  { id, classes, seed, note }: Dataset,
  split: TraceSplit,
  { method, exits, trainImages, options }: HeadParts,
  { runner, commit }: RunContext<Fitted>,
): TraceHead {
  return {
    dataset: id,
    network: runner.network.id,
    method,
    split,
    classes,
    total: 0,
    exits,
    networkFlops: runner.network.flops,
    provenance: {
      commit,
      backend: runner.backend,
      seed: seed ?? null,
      trainImages,
      // Images that are not all of a published dataset's, or other ones: a reader of the numbers must know.
      options: note ? { ...options, images: note } : options,
    },
  };
}

/** The images of a split when something was learnt from the first `trainImages` training images. */
export function splitToTrace(
  { train, test, shape }: Dataset,
  split: TraceSplit,
  options: ImageOptions,
  trainImages: number,
): Split {
  if (split === 'test') return test;
  if (split === 'train') return firstImages(train, shape, trainImages);
  const used = Math.min(train.count, options.trainImages || train.count);
  const held = Math.round(options.holdout * used);
  if (held === 0) throw new Error('No training images were held out, so none can be traced.');
  return sliceImages(train, shape, trainImages, trainImages + held);
}
