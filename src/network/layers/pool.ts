/** Pools with padding of their own, as ONNX and PyTorch have them. */
import * as tf from '@tensorflow/tfjs-core';
import { argumentsOf, Layer, single, type LayerArguments, type Shape } from './layer.ts';

type Pair = [number, number];

/**
 * The largest number or the mean of a window; padding counts for neither unless `countsPadding`. Channels last.
 * `before` and `after` are rows and columns of padding, `beyond` what only rounding up adds after that.
 */
export class Pool2D extends Layer {
  static readonly className = 'Pool2D';
  private readonly kind: 'max' | 'mean';
  private readonly poolSize: Pair;
  private readonly strides: Pair;
  private readonly before: Pair;
  private readonly after: Pair;
  private readonly beyond: Pair;
  private readonly countsPadding: boolean;

  constructor(given: LayerArguments) {
    super(argumentsOf(given));
    this.kind = given.kind as 'max' | 'mean';
    this.poolSize = given.poolSize as Pair;
    this.strides = given.strides as Pair;
    this.before = given.before as Pair;
    this.after = given.after as Pair;
    this.beyond = given.beyond as Pair;
    this.countsPadding = given.countsPadding === true;
  }

  override computeOutputShape(shape: Shape): Shape {
    return [shape[0]!, this.outputs(shape[1]!, 0), this.outputs(shape[2]!, 1), shape[3]!];
  }

  private outputs(length: number, axis: 0 | 1): number {
    const padded = length + this.before[axis] + this.after[axis] + this.beyond[axis];
    return Math.floor((padded - this.poolSize[axis]) / this.strides[axis]) + 1;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs) as tf.Tensor4D;
      const pads: [number, number][] = [
        [0, 0],
        [this.before[0], this.after[0] + this.beyond[0]],
        [this.before[1], this.after[1] + this.beyond[1]],
        [0, 0],
      ];
      if (this.kind === 'max') {
        const padded = tf.pad(x, pads, LOWEST);
        return tf.maxPool(padded, this.poolSize, this.strides, 'valid');
      }
      const sums = tf.avgPool(tf.pad(x, pads), this.poolSize, this.strides, 'valid');
      return tf.mul(sums, this.factor(x.shape[1], x.shape[2]));
    });
  }

  /** The window's size over the numbers that count in it, by output pixel. */
  private factor(height: number, width: number): tf.Tensor {
    const counts = (length: number, axis: 0 | 1): number[] => {
      const first = this.countsPadding ? -this.before[axis] : 0;
      const end = length + (this.countsPadding ? this.after[axis] : 0);
      return Array.from({ length: this.outputs(length, axis) }, (_, i) => {
        const start = i * this.strides[axis] - this.before[axis];
        return Math.min(start + this.poolSize[axis], end) - Math.max(start, first);
      });
    };
    const [rows, columns] = [counts(height, 0), counts(width, 1)];
    const size = this.poolSize[0] * this.poolSize[1];
    const factors = rows.flatMap((row) => columns.map((column) => size / (row * column)));
    return tf.tensor(factors, [1, rows.length, columns.length, 1]);
  }

  override getConfig() {
    const { kind, poolSize, strides, before, after, beyond, countsPadding } = this;
    return {
      ...super.getConfig(),
      ...{ kind, poolSize, strides, before, after, beyond, countsPadding },
    };
  }
}

/** Below every number that a network passes on. */
const LOWEST = -3.4e38;
