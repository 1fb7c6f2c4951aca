/** Numbers that are only moved, cut out or averaged. */
import * as tf from '@tensorflow/tfjs-core';
import { argumentsOf, Layer, single, type LayerArguments, type Shape } from './layer.ts';

/** Channels in another order (ShuffleNet), or all numbers of an image in another order and shape. */
export class Gather extends Layer {
  static readonly className = 'Gather';
  private readonly places: number[];
  /** The shape of the result; null where channels alone are moved. */
  private readonly shape: number[] | null;

  constructor(given: LayerArguments) {
    super(argumentsOf(given));
    this.places = given.places as number[];
    this.shape = (given.shape as number[] | undefined) ?? null;
  }

  override computeOutputShape(shape: Shape): Shape {
    return this.shape ? [shape[0]!, ...this.shape] : [...shape.slice(0, -1), this.places.length];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      const places = tf.tensor1d(this.places, 'int32');
      if (!this.shape) return tf.gather(x, places, x.rank - 1);
      const count = x.shape[0]!;
      const flat = tf.reshape(x, [count, x.size / count]);
      return tf.reshape(tf.gather(flat, places, 1), [count, ...this.shape]);
    });
  }

  override getConfig() {
    const { places, shape } = this;
    return { ...super.getConfig(), places, ...(shape && { shape }) };
  }
}

/** A box of the tensor, the batch whole. */
export class Slice extends Layer {
  static readonly className = 'Slice';
  private readonly begin: number[];
  private readonly size: number[];
  private readonly step: number[];

  constructor(given: LayerArguments) {
    super(argumentsOf(given));
    this.begin = given.begin as number[];
    this.size = given.size as number[];
    this.step = given.step as number[];
  }

  override computeOutputShape(shape: Shape): Shape {
    return [shape[0]!, ...this.size];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      const { begin, size, step } = this;
      if (step.every((by) => by === 1)) return tf.slice(x, [0, ...begin], [x.shape[0]!, ...size]);
      const end = begin.map((from, i) => from + (size[i]! - 1) * step[i]! + 1);
      return tf.stridedSlice(x, [0, ...begin], [x.shape[0]!, ...end], [1, ...step]);
    });
  }

  override getConfig() {
    const { begin, size, step } = this;
    return { ...super.getConfig(), begin, size, step };
  }
}

/** One by one: all of tfjs would come along where its operations are looked up by name. */
const REDUCTIONS = {
  mean: (x: tf.Tensor, axes: number[]) => tf.mean(x, axes, true),
  sum: (x: tf.Tensor, axes: number[]) => tf.sum(x, axes, true),
  max: (x: tf.Tensor, axes: number[]) => tf.max(x, axes, true),
};

/** The mean, the sum or the largest number over some axes (counted without the batch), which stay with size 1. */
export class Reduce extends Layer {
  static readonly className = 'Reduce';
  private readonly kind: 'mean' | 'sum' | 'max';
  private readonly axes: number[];

  constructor(given: LayerArguments) {
    super(argumentsOf(given));
    this.kind = given.kind as 'mean' | 'sum' | 'max';
    this.axes = given.axes as number[];
  }

  override computeOutputShape(shape: Shape): Shape {
    return shape.map((size, i) => (this.axes.includes(i - 1) ? 1 : size));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const axes = this.axes.map((axis) => axis + 1);
    return REDUCTIONS[this.kind](single(inputs), axes);
  }

  override getConfig() {
    const { kind, axes } = this;
    return { ...super.getConfig(), kind, axes };
  }
}
