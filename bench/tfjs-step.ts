/**
 * The training step of a linear classifier in tfjs operations, to measure this program's own against: the same
 * hand-derived gradients, weights kept as [K, D] so that only small matrices are transposed, features as float32 in
 * memory (no unpacking of 16-bit floats, no shuffling), nothing read back.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  inputsOf,
  type LinearShape,
  type LinearWeights,
} from '../src/methods/parts/linear/settings.ts';

/** A value with Adam's moments. */
interface Trained {
  value: tf.Tensor;
  first: tf.Tensor;
  second: tf.Tensor;
}

const begin = (value: tf.Tensor): Trained => ({
  value,
  first: tf.zerosLike(value),
  second: tf.zerosLike(value),
});

function adam({ value, first, second }: Trained, gradient: tf.Tensor, rate: number): Trained {
  const m = tf.add(tf.mul(first, 0.9), tf.mul(gradient, 0.1));
  const v = tf.add(tf.mul(second, 0.999), tf.mul(tf.square(gradient), 0.001));
  const step = tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), 1e-8));
  return { value: tf.sub(value, step), first: m, second: v };
}

const tensorsOf = ({ value, first, second }: Trained) => [value, first, second];

export class TfjsStep {
  private weights: Trained;
  private bias: Trained;
  private alpha: Trained;

  constructor(
    private readonly shape: LinearShape,
    private readonly features: Float32Array,
    private readonly batch: number,
    start: LinearWeights,
  ) {
    const { classes } = shape;
    const weights = tf.tidy(() =>
      tf.transpose(tf.tensor2d(start.weights, [inputsOf(shape), classes])),
    );
    this.weights = begin(weights);
    this.bias = begin(tf.tensor1d(start.bias));
    this.alpha = begin(tf.scalar(start.alpha));
  }

  run(labels: Uint8Array, rate: number): void {
    const { batch, features, shape, weights, bias, alpha } = this;
    const { mixed, classes } = shape;
    const next = tf.tidy(() => {
      const oneHot = new Float32Array(batch * classes);
      labels.forEach((label, i) => (oneHot[i * classes + label] = 1));
      const size = batch * inputsOf(shape);
      // Mixed: the averages, then max − avg, as a learner could keep them.
      const base = tf.tensor2d(features.subarray(0, size), [batch, inputsOf(shape)]);
      const w = tf.transpose(weights.value) as tf.Tensor2D;
      let x = base;
      let apart: tf.Tensor | null = null;
      if (mixed > 0) {
        const difference = tf.tensor2d(features.subarray(size, 2 * size), [batch, mixed]);
        x = tf.add(base, tf.mul(difference, alpha.value)) as tf.Tensor2D;
        apart = tf.matMul(difference, w);
      }
      const z = tf.fused.matMul({ a: x, b: w, bias: bias.value });
      const y = tf.tensor2d(oneHot, [batch, classes]);
      const delta = tf.mul(tf.sub(tf.softmax(z), y), 1 / batch) as tf.Tensor2D;
      const gradient = tf.matMul(tf.transpose(delta) as tf.Tensor2D, x);
      return {
        weights: adam(weights, gradient, rate),
        bias: adam(bias, tf.sum(delta, 0), rate),
        alpha: apart ? adam(alpha, tf.sum(tf.mul(delta, apart)), rate) : null,
      } as unknown as tf.TensorContainer;
    }) as unknown as { weights: Trained; bias: Trained; alpha: Trained | null };
    tf.dispose([...tensorsOf(weights), ...tensorsOf(bias)]);
    if (next.alpha) tf.dispose(tensorsOf(alpha));
    this.weights = next.weights;
    this.bias = next.bias;
    this.alpha = next.alpha ?? alpha;
  }
}
