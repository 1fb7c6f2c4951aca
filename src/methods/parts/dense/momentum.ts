/** Stochastic gradient descent with momentum, as `torch.optim.SGD` has it: v ← μv + g, w ← w − rate·v. */
import * as tf from '@tensorflow/tfjs-core';
import type { Stack } from './stack.ts';

export class Momentum {
  private velocities: (tf.Tensor | null)[];

  /** @param before velocities of all parts, laid out as the weights are, to go on from. */
  constructor(
    private readonly stack: Stack,
    private readonly momentum: number,
    before?: Float32Array,
  ) {
    this.velocities = stack.parts.map(({ shape, from, to }) =>
      before ? tf.keep(tf.tensor(before.slice(from, to), [...shape])) : null,
    );
  }

  async state(): Promise<Float32Array> {
    const all = new Float32Array(this.stack.parts.at(-1)!.to);
    const read = await Promise.all(
      this.velocities.map(async (velocity) => velocity?.data<'float32'>()),
    );
    this.stack.parts.forEach(({ from }, p) => {
      const values = read[p];
      if (values) all.set(values, from);
    });
    return all;
  }

  /** @param gradients of the stack's parts, in their order; not disposed of. */
  step(gradients: readonly tf.Tensor[], rate: number): void {
    gradients.forEach((g, p) => {
      const before = this.velocities[p];
      const [velocity, weights] = tf.tidy((): tf.Tensor[] => {
        const next = before ? tf.add(tf.mul(before, this.momentum), g) : tf.clone(g);
        return [next, tf.sub(this.stack.tensor(p), tf.mul(next, rate))];
      });
      before?.dispose();
      this.velocities[p] = tf.keep(velocity!);
      this.stack.replace(p, weights!);
    });
  }

  dispose(): void {
    for (const velocity of this.velocities) velocity?.dispose();
  }
}
