/**
 * A chain of dense layers as tensors, with its gradients written out. tfjs's own would multiply transposed matrices, which
 * its wasm backend does some ten times slower than it transposes them first and multiplies then.
 */
import * as tf from '@tensorflow/tfjs-core';
import { partsOf, type Part } from './layout.ts';

export class Stack {
  /** Kernels and biases in turn. */
  private tensors: tf.Tensor[];
  readonly parts: readonly Part[];
  private readonly transposesFirst = tf.getBackend() === 'wasm';

  /**
   * @param sizes inputs of the first layer, then the units of every layer.
   * @param linear layers without a ReLU, by index.
   * @param weights all numbers, as `partsOf` lays them out.
   */
  constructor(
    readonly sizes: readonly number[],
    private readonly linear: ReadonlySet<number>,
    weights: Float32Array,
  ) {
    this.parts = partsOf(sizes);
    const length = this.parts.at(-1)!.to;
    if (weights.length !== length)
      throw new Error(
        `Layers of ${sizes.join('-')} have ${length} weights; ${weights.length} came.`,
      );
    this.tensors = this.parts.map((part) => tensorOf(weights, part));
  }

  get layers(): number {
    return this.sizes.length - 1;
  }

  /** The tensors of a part; they stay the stack's. */
  tensor(part: number): tf.Tensor {
    return this.tensors[part]!;
  }

  /** Takes other numbers for a part. The stack owns `tensor` from now on. */
  replace(part: number, tensor: tf.Tensor): void {
    this.tensors[part]!.dispose();
    this.tensors[part] = tf.keep(tensor);
  }

  /** Takes other numbers for all of it. */
  assign(weights: Float32Array): void {
    this.parts.forEach((part, p) => this.replace(p, tensorOf(weights, part)));
  }

  /**
   * @param x float32 [B, inputs].
   * @param layers how many to go through; default all.
   * @returns the input and what every layer gave, ReLU applied; all but the input are the caller's.
   */
  forward(x: tf.Tensor2D, layers = this.layers): tf.Tensor2D[] {
    const values = [x];
    for (let l = 0; l < layers; l++)
      values.push(
        tf.fused.matMul({
          a: values[l]!,
          b: this.tensors[2 * l] as tf.Tensor2D,
          bias: this.tensors[2 * l + 1] as tf.Tensor1D,
          activation: this.linear.has(l) ? 'linear' : 'relu',
        }) as tf.Tensor2D,
      );
    return values;
  }

  /**
   * @param values what `forward` gave.
   * @param gradient of the loss with respect to the last of them, [B, units].
   * @returns the gradient of every part; the caller's.
   */
  backward(values: readonly tf.Tensor2D[], gradient: tf.Tensor2D): tf.Tensor[] {
    return tf.tidy(() => {
      const gradients: tf.Tensor[] = [];
      let after = gradient;
      for (let l = this.layers - 1; l >= 0; l--) {
        const input = values[l]!;
        gradients.unshift(this.kernelGradient(input, after), tf.sum(after, 0));
        if (l === 0) break;
        const before = this.inputGradient(after, this.tensors[2 * l] as tf.Tensor2D);
        after = this.linear.has(l - 1) ? before : tf.mul(before, tf.step(input));
      }
      return gradients;
    });
  }

  /** xᵀ·d: the gradient of a kernel [inputs, units]. */
  private kernelGradient(x: tf.Tensor2D, d: tf.Tensor2D): tf.Tensor2D {
    return this.transposesFirst ? tf.matMul(tf.transpose(x), d) : tf.matMul(x, d, true);
  }

  /** d·Wᵀ: the gradient of a layer's input. As (W·dᵀ)ᵀ, so that batches are transposed, which are smaller than kernels. */
  private inputGradient(d: tf.Tensor2D, kernel: tf.Tensor2D): tf.Tensor2D {
    if (!this.transposesFirst) return tf.matMul(d, kernel, false, true);
    return tf.transpose(tf.matMul(kernel, tf.transpose(d)));
  }

  /** All numbers, laid out as they came. */
  async weights(): Promise<Float32Array> {
    const all = new Float32Array(this.parts.at(-1)!.to);
    const read = await Promise.all(this.tensors.map((tensor) => tensor.data<'float32'>()));
    this.parts.forEach(({ from }, p) => all.set(read[p]!, from));
    return all;
  }

  dispose(): void {
    tf.dispose(this.tensors);
  }
}

/** wasm copies what it is given at once; others may keep it, and get a copy. */
function tensorOf(weights: Float32Array, { shape, from, to }: Part): tf.Tensor {
  const isCopied = tf.getBackend() === 'wasm';
  const values = isCopied ? weights.subarray(from, to) : weights.slice(from, to);
  return tf.keep(tf.tensor(values, [...shape]));
}
