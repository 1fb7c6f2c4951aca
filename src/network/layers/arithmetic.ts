/** One number at a time: functions that Keras does not have, and sums and products with constants or of two tensors. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { argumentsOf, Layer, single, type LayerArguments, type Shape } from './layer.ts';

/** y = f(x). Some take `alpha` and `beta` as their operation in ONNX does. */
const FUNCTIONS = {
  hardSigmoid: (x, alpha, beta) => tf.clipByValue(tf.add(tf.mul(x, alpha), beta), 0, 1),
  affine: (x, alpha, beta) => tf.add(tf.mul(x, alpha), beta),
  hardSwish: (x) => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  clip: (x, alpha, beta) => tf.clipByValue(x, alpha, beta),
  erf: (x) => tf.erf(x),
  exp: (x) => tf.exp(x),
  log: (x) => tf.log(x),
  sqrt: (x) => tf.sqrt(x),
  reciprocal: (x) => tf.reciprocal(x),
  negative: (x) => tf.neg(x),
  absolute: (x) => tf.abs(x),
  power: (x, alpha) => (alpha === 2 ? tf.square(x) : tf.pow(x, alpha)),
} satisfies Record<string, (x: tf.Tensor, alpha: number, beta: number) => tf.Tensor>;

export type FunctionName = keyof typeof FUNCTIONS;

export class Elementwise extends Layer {
  static readonly className = 'Elementwise';
  private readonly of: FunctionName;
  private readonly alpha: number;
  private readonly beta: number;

  constructor(given: LayerArguments) {
    super(argumentsOf(given));
    this.of = given.function as FunctionName;
    this.alpha = (given.alpha as number | undefined) ?? 0;
    this.beta = (given.beta as number | undefined) ?? 0;
  }

  override computeOutputShape(shape: Shape): Shape {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => FUNCTIONS[this.of](single(inputs), this.alpha, this.beta));
  }

  override getConfig() {
    return { ...super.getConfig(), function: this.of, alpha: this.alpha, beta: this.beta };
  }
}

const OPERATIONS = {
  add: (a, b) => tf.add(a, b),
  subtract: (a, b) => tf.sub(a, b),
  multiply: (a, b) => tf.mul(a, b),
  divide: (a, b) => tf.div(a, b),
  power: (a, b) => tf.pow(a, b),
  maximum: (a, b) => tf.maximum(a, b),
  minimum: (a, b) => tf.minimum(a, b),
} satisfies Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>;

export type OperationName = keyof typeof OPERATIONS;

/** x ∘ c or c ∘ x with a constant of the network's own, broadcast. */
export class Arithmetic extends Layer {
  static readonly className = 'Arithmetic';
  private readonly operation: OperationName;
  private readonly shape: number[];
  private readonly isReversed: boolean;

  constructor(given: LayerArguments) {
    super(argumentsOf(given));
    this.operation = given.operation as OperationName;
    this.shape = given.shape as number[];
    this.isReversed = given.reversed === true;
  }

  override build(shape: Shape): void {
    this.addWeight('constant', this.shape, 'float32', initializers.zeros());
    super.build(shape);
  }

  override computeOutputShape(shape: Shape): Shape {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [x, constant] = [single(inputs), this.weights[0]!.read()];
      const operation = OPERATIONS[this.operation];
      return this.isReversed ? operation(constant, x) : operation(x, constant);
    });
  }

  override getConfig() {
    const { operation, shape, isReversed } = this;
    return { ...super.getConfig(), operation, shape, reversed: isReversed };
  }
}

/** a ∘ b of two tensors, broadcast. Sums and products are Keras's Add and Multiply. */
export class Binary extends Layer {
  static readonly className = 'Binary';
  private readonly operation: OperationName;

  constructor(given: LayerArguments) {
    super(argumentsOf(given));
    this.operation = given.operation as OperationName;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [a, b] = shape as [Shape, Shape];
    return a.map((size, i) => (size === 1 ? (b[i] ?? null) : size));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [a, b] = inputs as [tf.Tensor, tf.Tensor];
    return OPERATIONS[this.operation](a, b);
  }

  override getConfig() {
    return { ...super.getConfig(), operation: this.operation };
  }
}
