/** A batch on its way through a network: it goes stage by stage, and images that leave on the way go no further. */
import * as tf from '@tensorflow/tfjs-core';

export interface Underway {
  /** Images that are still driving. */
  readonly count: number;
  /** Runs the next stage. */
  next(): void;
  /** What the last stage that ran made of them, [count, D]; after the last one as `forward` has it. The caller disposes. */
  rows(): tf.Tensor2D;
  /**
   * Goes on with some of the images alone: the next stage is run for them and nobody else.
   * @param rows what `rows` gave.
   * @param which positions among those that are driving, rising, at least one.
   */
  keep(rows: tf.Tensor2D, which: readonly number[]): void;
  /** Frees what is underway, whether or not it came to the end. */
  dispose(): void;
}

/** Goes to the end with all images. @returns the output of each stage [B, D_j]. The caller disposes of them. */
export function throughAll(underway: Underway, stages: number): tf.Tensor2D[] {
  try {
    return Array.from({ length: stages }, () => {
      underway.next();
      return underway.rows();
    });
  } finally {
    underway.dispose();
  }
}

/**
 * By tensors, on any backend.
 * @param input stays the caller's.
 * @param stages what each makes of the output of the one before: a tensor of its own.
 */
export function underwayByTensors(
  input: tf.Tensor,
  stages: readonly ((x: tf.Tensor) => tf.Tensor)[],
): Underway {
  let x = input;
  let [count, next] = [input.shape[0]!, 0];
  const take = (y: tf.Tensor) => {
    if (x !== input && x !== y) x.dispose();
    x = y;
  };
  return {
    get count() {
      return count;
    },
    next: () => take(stages[next++]!(x)),
    rows: () => tf.reshape(x, [count, x.size / count]),
    keep(_, which) {
      count = which.length;
      take(tf.tidy(() => tf.gather(x, tf.tensor1d([...which], 'int32'))));
    },
    dispose: () => take(input),
  };
}
