/** One step of DEC's refinement: the encoder on tensors, assignments and their gradients in plain float64 arithmetic. */
import * as tf from '@tensorflow/tfjs-core';
import { klDivergence, klGradient, softAssignment } from '../../core/clustering/student.ts';
import { Momentum } from '../parts/dense/momentum.ts';
import type { Stack } from '../parts/dense/stack.ts';

/** Where a refinement is: the encoder's weights, centres [K, D], and how both were moving. */
export type RefinerState = {
  readonly weights: Float32Array;
  readonly centres: Float32Array;
  readonly velocity: Float32Array;
  readonly centreVelocity: Float32Array;
};

export class Refiner {
  /** [K, D] row-major; they move with every step. */
  readonly centres: Float32Array;
  private readonly velocity: Float32Array;
  private readonly optimiser: Momentum;

  /** @param start `centres`; and to go on from where another one stopped, `velocity` and `centreVelocity`. */
  constructor(
    private readonly stack: Stack,
    private readonly momentum: number,
    start: Pick<RefinerState, 'centres'> & Partial<RefinerState>,
  ) {
    this.centres = start.centres.slice();
    this.velocity = start.centreVelocity?.slice() ?? new Float32Array(this.centres.length);
    this.optimiser = new Momentum(stack, momentum, start.velocity);
  }

  /**
   * Descends KL(P‖Q) of one batch.
   * @param x float32 [B, inputs].
   * @param target p [B, K] of the same images.
   * @returns the batch's mean KL divergence in nats, before the step.
   */
  async step(x: tf.Tensor2D, target: Float32Array, rate: number): Promise<number> {
    const { stack, centres, velocity } = this;
    const dimensions = stack.sizes.at(-1)!;
    const values = tf.tidy(() => stack.forward(x));
    const z = await values.at(-1)!.data<'float32'>();
    const q = softAssignment(z, centres, dimensions);
    const gradient = klGradient(z, centres, target, q, dimensions);
    tf.tidy(() => {
      const after = tf.tensor2d(gradient.z, [x.shape[0], dimensions]);
      this.optimiser.step(stack.backward(values, after), rate);
    });
    tf.dispose(values.slice(1));
    for (let i = 0; i < centres.length; i++) {
      velocity[i] = this.momentum * velocity[i]! + gradient.centres[i]!;
      centres[i]! -= rate * velocity[i]!;
    }
    return klDivergence(target, q, centres.length / dimensions);
  }

  async state(): Promise<RefinerState> {
    return {
      weights: await this.stack.weights(),
      centres: this.centres.slice(),
      velocity: await this.optimiser.state(),
      centreVelocity: this.velocity.slice(),
    };
  }

  dispose(): void {
    this.optimiser.dispose();
  }
}
