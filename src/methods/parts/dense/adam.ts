/**
 * Adam (Kingma & Ba 2015), ordered as PyTorch orders it: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * w ← w − rate/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
 */
import * as tf from '@tensorflow/tfjs-core';
import { arithmeticOn } from '../linear/allocate.ts';
import { BETA1, BETA2, EPSILON } from '../linear/arithmetic.ts';
import { lengthOf } from './layout.ts';
import type { Stack } from './stack.ts';

/** What of an optimiser must be kept to go on later: `m`, `v` [weights] and `steps` [1]. */
export type AdamState = {
  readonly m: Float32Array;
  readonly v: Float32Array;
  readonly steps: Float64Array;
};

export interface Adam {
  /** @param gradients of the stack's parts, in their order; not disposed of. */
  step(gradients: readonly tf.Tensor[], rate: number): void;
  state(): Promise<AdamState>;
  dispose(): void;
}

/** On the device where there is one; else on plain memory, where one pass does what takes tensors a dozen. */
export function adamOn(
  stack: Stack,
  weights: Float32Array,
  before?: AdamState,
  onDevice = tf.getBackend() === 'webgpu',
): Adam {
  return onDevice ? new DeviceAdam(stack, before) : new HostAdam(stack, weights, before);
}

class HostAdam implements Adam {
  private steps: number;
  private readonly count: number;
  private readonly arithmetic;
  private readonly w: Float32Array;
  private readonly m: Float32Array;
  private readonly v: Float32Array;
  private readonly g: Float32Array;

  constructor(
    private readonly stack: Stack,
    weights: Float32Array,
    before?: AdamState,
  ) {
    const length = lengthOf(stack.sizes);
    this.count = 4 * Math.ceil(length / 4);
    this.arithmetic = arithmeticOn(16 * this.count);
    const block = (n: number) =>
      new Float32Array(this.arithmetic.memory, 4 * n * this.count, length);
    [this.w, this.m, this.v, this.g] = [block(0), block(1), block(2), block(3)];
    this.w.set(weights);
    if (before) {
      this.m.set(before.m);
      this.v.set(before.v);
    }
    this.steps = before?.steps[0] ?? 0;
  }

  step(gradients: readonly tf.Tensor[], rate: number): void {
    this.steps++;
    this.stack.parts.forEach(({ from }, p) => this.g.set(numbersOf(gradients[p]!), from));
    const [first, second] = corrections(this.steps);
    const address = (n: number) => 4 * n * this.count;
    this.arithmetic.adam(
      { w: address(0), m: address(1), v: address(2), g: address(3) },
      this.count,
      rate / first,
      1 / Math.sqrt(second),
    );
    this.stack.assign(this.w);
  }

  state(): Promise<AdamState> {
    const steps = Float64Array.of(this.steps);
    return Promise.resolve({ m: this.m.slice(), v: this.v.slice(), steps });
  }

  dispose(): void {
    // Plain memory goes with the object.
  }
}

/** A tensor's numbers: on wasm where they lie, without the copy that `dataSync` makes; to be read at once. */
function numbersOf(tensor: tf.Tensor): Float32Array {
  const backend = tf.backend() as { typedArrayFromHeap?: (of: tf.Tensor) => Float32Array };
  return backend.typedArrayFromHeap?.(tensor) ?? tensor.dataSync<'float32'>();
}

class DeviceAdam implements Adam {
  private steps: number;
  private m: tf.Tensor[];
  private v: tf.Tensor[];

  constructor(
    private readonly stack: Stack,
    before?: AdamState,
  ) {
    const start = (name: 'm' | 'v') =>
      stack.parts.map(({ shape, from, to }) =>
        tf.keep(
          before ? tf.tensor(before[name].slice(from, to), [...shape]) : tf.zeros([...shape]),
        ),
      );
    this.m = start('m');
    this.v = start('v');
    this.steps = before?.steps[0] ?? 0;
  }

  step(gradients: readonly tf.Tensor[], rate: number): void {
    const [first, second] = corrections(++this.steps);
    gradients.forEach((g, p) => {
      const [m, v, w] = tf.tidy((): tf.Tensor[] => {
        const m = tf.add(tf.mul(this.m[p]!, BETA1), tf.mul(g, 1 - BETA1));
        const v = tf.add(tf.mul(this.v[p]!, BETA2), tf.mul(tf.square(g), 1 - BETA2));
        const divisor = tf.add(tf.div(tf.sqrt(v), Math.sqrt(second)), EPSILON);
        const change = tf.mul(tf.div(m, divisor), rate / first);
        return [m, v, tf.sub(this.stack.tensor(p), change)];
      });
      tf.dispose([this.m[p]!, this.v[p]!]);
      this.m[p] = tf.keep(m!);
      this.v[p] = tf.keep(v!);
      this.stack.replace(p, w!);
    });
  }

  async state(): Promise<AdamState> {
    const [m, v] = await Promise.all([this.read(this.m), this.read(this.v)]);
    return { m, v, steps: Float64Array.of(this.steps) };
  }

  private async read(tensors: readonly tf.Tensor[]): Promise<Float32Array> {
    const all = new Float32Array(lengthOf(this.stack.sizes));
    const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
    this.stack.parts.forEach(({ from }, p) => all.set(values[p]!, from));
    return all;
  }

  dispose(): void {
    tf.dispose([...this.m, ...this.v]);
  }
}

/** 1 − βᵗ of both averages. */
const corrections = (steps: number) => [1 - BETA1 ** steps, 1 - BETA2 ** steps] as const;
