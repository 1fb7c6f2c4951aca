/** Cosines of the angles between an image's outputs and the class means: where the tensors are. */
import * as tf from '@tensorflow/tfjs-core';
import type { BatchKernel, KernelContext } from '../contract/kernel.ts';
import type { ClassMeans } from '../parts/means/arrays.ts';

export type Cosines = {
  /** [B, M, K]; −1 for a class without a mean. */
  readonly cosines: Float32Array;
  /** Of the network [B, D of its last exit]. */
  readonly logits: Float32Array;
};

/** Keeps a vector of zeros from dividing by 0. */
const EPSILON = 1e-12;

export function cosinesKernel(
  { classes, dimensions }: KernelContext,
  { means, counts }: ClassMeans,
): BatchKernel<Cosines> {
  let at = 0;
  // Of every exit, the directions of its class means [K, D].
  const directions = dimensions.map((dimension) => {
    const block = means.subarray(at, (at += classes * dimension));
    return tf.tidy(() => unit(tf.tensor2d(block, [classes, dimension])));
  });
  return {
    async batch(outputs) {
      const [all, own] = tf.tidy(() => {
        const rows = outputs.map((x, j) => tf.matMul(unit(x), directions[j]!, false, true));
        return [tf.concat(rows, 1), tf.clone(outputs.at(-1)!)] as const;
      });
      const cosines = Float32Array.from(await all.data<'float32'>(), (cosine, n) =>
        counts[n % classes] === 0 ? -1 : cosine,
      );
      const logits = Float32Array.from(await own.data<'float32'>());
      tf.dispose([all, own]);
      return { cosines, logits };
    },
    flush: () => Promise.resolve(null),
    dispose: () => tf.dispose(directions),
  };
}

/** Rows [n, D] divided by their lengths. */
const unit = (rows: tf.Tensor2D): tf.Tensor2D =>
  tf.div(rows, tf.add(tf.norm(rows, 'euclidean', 1, true), EPSILON));
