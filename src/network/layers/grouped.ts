/** Convolutions whose output channels see a group of the input's each (ResNeXt, RegNet, ShuffleNet). */
import * as tf from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { argumentsOf, Layer, single, type LayerArguments, type Shape } from './layer.ts';

type Pair = [number, number];

/** Channels last; without padding. Kernel [kh, kw, in / groups, out]: group g gives outputs g·out/groups …. */
export class GroupedConv2D extends Layer {
  static readonly className = 'GroupedConv2D';
  private readonly filters: number;
  private readonly kernelSize: Pair;
  private readonly strides: Pair;
  private readonly dilationRate: Pair;
  private readonly groups: number;
  private readonly useBias: boolean;

  constructor(given: LayerArguments) {
    super(argumentsOf(given));
    this.filters = given.filters as number;
    this.kernelSize = given.kernelSize as Pair;
    this.strides = given.strides as Pair;
    this.dilationRate = given.dilationRate as Pair;
    this.groups = given.groups as number;
    this.useBias = given.useBias === true;
  }

  override build(shape: Shape | Shape[]): void {
    const channels = (shape as Shape).at(-1)!;
    const zeros = initializers.zeros();
    this.addWeight(
      'kernel',
      [...this.kernelSize, channels / this.groups, this.filters],
      'float32',
      zeros,
    );
    if (this.useBias) this.addWeight('bias', [this.filters], 'float32', zeros);
    super.build(shape);
  }

  override computeOutputShape(shape: Shape): Shape {
    const of = (axis: 0 | 1): number => {
      const reach = (this.kernelSize[axis] - 1) * this.dilationRate[axis] + 1;
      return Math.floor((shape[axis + 1]! - reach) / this.strides[axis]) + 1;
    };
    return [shape[0]!, of(0), of(1), this.filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs) as tf.Tensor4D;
      const [kernel, bias] = this.weights.map((weight) => weight.read());
      const kernels = tf.split(kernel as tf.Tensor4D, this.groups, 3);
      const sums = tf
        .split(x, this.groups, 3)
        .map((part, g) =>
          tf.conv2d(
            part as tf.Tensor4D,
            kernels[g] as tf.Tensor4D,
            this.strides,
            'valid',
            'NHWC',
            this.dilationRate,
          ),
        );
      const y = tf.concat(sums, 3);
      return bias ? tf.add(y, bias) : y;
    });
  }

  override getConfig() {
    const { filters, kernelSize, strides, dilationRate, groups, useBias } = this;
    return {
      ...super.getConfig(),
      ...{ filters, kernelSize, strides, dilationRate, groups, useBias },
    };
  }
}
