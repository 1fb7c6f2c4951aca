/** Stochastic gradient descent with Nesterov momentum and weight decay, number for number that of `torch.optim.SGD`. */
import * as tf from '@tensorflow/tfjs-core';

export class Sgd {
  private velocities: (tf.Tensor | null)[];

  constructor(
    private readonly variables: readonly tf.Variable[],
    private readonly momentum: number,
    private readonly weightDecay: number,
  ) {
    this.velocities = variables.map(() => null);
  }

  /**
   * g = ∂L/∂w + decay · w;  v ← momentum · v + g;  w ← w − rate · (g + momentum · v)
   * @param gradients of the variables, in their order; not disposed of.
   */
  step(gradients: readonly tf.Tensor[], rate: number): void {
    this.velocities = this.variables.map((weights, i) => {
      const before = this.velocities[i]!;
      const velocity = tf.tidy(() => {
        const gradient = tf.add(gradients[i]!, tf.mul(weights, this.weightDecay));
        const next = before ? tf.add(tf.mul(before, this.momentum), gradient) : gradient;
        const change = tf.add(gradient, tf.mul(next, this.momentum));
        weights.assign(tf.sub(weights, tf.mul(change, rate)));
        return tf.keep(tf.clone(next));
      });
      before?.dispose();
      return velocity;
    });
  }

  dispose(): void {
    for (const velocity of this.velocities) velocity?.dispose();
  }
}
