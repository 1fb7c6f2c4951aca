/** A network with branches in training: its weights, the joint loss, one step. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkFiles } from '../../../network/files.ts';
import { layersModel } from '../../../network/model.ts';
import { forward, programOf, weightOf, type BatchStatistics, type Program } from './program.ts';
import { EXIT_WEIGHTS, MOMENTUM } from './settings.ts';
import { Sgd } from './sgd.ts';

/** Of a batch's exits, before the step: float32 [2, M], mean cross-entropies (nats) and how many are labelled right. */
export type Measured = tf.Tensor2D;

interface Gradients {
  readonly measured: Measured;
  /** Of the variables, in their order. */
  readonly gradients: readonly tf.Tensor[];
  readonly statistics: readonly BatchStatistics[];
}

export class JointModel {
  private readonly program: Program;
  private readonly sgd: Sgd;
  /** Weights as they were at the last `remember`. */
  private remembered: tf.Tensor[] = [];
  /** What is trained, and its names in the files. */
  readonly variables: readonly tf.Variable[];
  readonly names: readonly string[];

  private constructor(
    private readonly model: LayersModel,
    weightDecay: number,
  ) {
    this.program = programOf(model);
    this.variables = model.trainableWeights.map((weight) => variable(weight.read()));
    this.names = model.trainableWeights.map(({ originalName }) => originalName);
    this.sgd = new Sgd(this.variables, MOMENTUM, weightDecay);
  }

  /** @throws Error with a sentence when the network has not one output an exit, or cannot be trained here. */
  static async load(files: NetworkFiles, weightDecay: number): Promise<JointModel> {
    const model = await layersModel(files);
    try {
      if (model.outputs.length !== EXIT_WEIGHTS.length)
        throw new Error(
          `The network ${files.card.id} has ${model.outputs.length} outputs; joint training needs ${EXIT_WEIGHTS.length}: ` +
            'two branches and the network.',
        );
      return new JointModel(model, weightDecay);
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  /**
   * One step on preprocessed images [B, size, size, C] and classes int32 [B]; both stay the caller's.
   * @returns the exits before the step, the caller's to dispose of.
   */
  step(images: tf.Tensor4D, labels: tf.Tensor1D, rate: number): Measured {
    const { measured, gradients, statistics } = this.gradients(images, labels);
    this.sgd.step(gradients, rate);
    for (const batch of statistics) follow(batch);
    tf.dispose([...gradients]);
    for (const { mean, variance } of statistics) tf.dispose([mean, variance]);
    return measured;
  }

  /** Gradients of Σ weight · cross-entropy over the exits; all tensors are the caller's. */
  gradients(images: tf.Tensor4D, labels: tf.Tensor1D): Gradients {
    const statistics: BatchStatistics[] = [];
    let measured: Measured | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const outputs = forward(this.program, images, (batch) => {
        tf.keep(batch.mean);
        tf.keep(batch.variance);
        statistics.push(batch);
      });
      const classes = outputs[0]!.shape.at(-1)!;
      const wanted = tf.oneHot(labels, classes, 1, 0, 'float32');
      const losses = outputs.map((logits) => crossEntropy(logits, wanted));
      const right = outputs.map((logits) =>
        tf.sum(tf.cast(tf.equal(tf.argMax(logits, -1), labels), 'float32')),
      );
      measured = tf.keep(tf.stack([tf.stack(losses), tf.stack(right)]) as Measured);
      return losses
        .map((loss, exit) => tf.mul<tf.Scalar>(loss, EXIT_WEIGHTS[exit]!))
        .reduce((sum, loss) => tf.add(sum, loss));
    }, [...this.variables]);
    value.dispose();
    return {
      measured: measured!,
      gradients: this.variables.map(({ name }) => grads[name]!),
      statistics,
    };
  }

  /** Keeps the weights as they are, to return to. */
  remember(): void {
    tf.dispose(this.remembered);
    this.remembered = this.model.weights.map((weight) => tf.keep(tf.clone(weight.read())));
  }

  /** Returns to the weights that were last kept. */
  recall(): void {
    this.model.weights.forEach((weight, i) => weight.write(this.remembered[i]!));
  }

  /** Whether every weight is a number. */
  async isFinite(): Promise<boolean> {
    const all = tf.tidy(() => {
      const finite = this.model.weights.map((weight) => tf.all(tf.isFinite(weight.read())));
      return tf.all(tf.stack(finite));
    });
    const [yes] = await all.data();
    all.dispose();
    return Boolean(yes);
  }

  /** All weights by their names in the files: kernels, biases, scales, shifts and running averages. */
  async state(): Promise<Record<string, Float32Array>> {
    const arrays: Record<string, Float32Array> = {};
    for (const weight of this.model.weights)
      // A copy: the cpu backend gives its own memory, and arrays are handed over.
      arrays[weight.originalName] = Float32Array.from(await weight.read().data());
    return arrays;
  }

  dispose(): void {
    tf.dispose(this.remembered);
    this.sgd.dispose();
    this.model.dispose();
  }
}

/** Mean over the batch of −log softmax(logits)[label]. */
function crossEntropy(logits: tf.Tensor, wanted: tf.Tensor): tf.Scalar {
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), wanted), -1)));
}

/** Running averages as PyTorch keeps them: the variance that enters is divided by the count less one. */
function follow({ call: { layer }, mean, variance, count }: BatchStatistics): void {
  const momentum = layer.getConfig().momentum as number;
  const unbiased = count > 1 ? count / (count - 1) : 1;
  const blend = (role: string, now: tf.Tensor, factor: number) => {
    const running = weightOf(layer, role)!;
    tf.tidy(() => {
      const entering = tf.mul(now, (1 - momentum) * factor);
      running.write(tf.add(tf.mul(running.read(), momentum), entering));
    });
  };
  blend('moving_mean', mean, 1);
  blend('moving_variance', variance, unbiased);
}

/** Layers of tfjs keep their weights as variables, and say only that they are tensors. */
function variable(weight: tf.Tensor): tf.Variable {
  if (weight instanceof tf.Variable) return weight as tf.Variable;
  throw new Error('A weight of this network is no variable; tfjs has changed what it trains.');
}
