/** Weights before any training, from a seed: what `initialise` in training/resnet.py draws. */
import { mixSeeds, normal, randomFrom } from '../core/random.ts';
import { product } from './cost.ts';
import type { WeightEntry } from './files.ts';

/**
 * Convolutions He-normal by their fan-out (He et al. 2015), dense kernels uniform in ±1/√inputs (PyTorch's start), biases
 * and shifts 0, scales and variances 1. Every weight has a stream of numbers of its own.
 * @throws Error with a sentence that names a weight whose role is not known.
 */
export function freshWeights(weights: readonly WeightEntry[], seed: number): Float32Array {
  const all = new Float32Array(weights.reduce((sum, { shape }) => sum + product(shape), 0));
  let at = 0;
  weights.forEach(({ name, shape }, index) => {
    const part = all.subarray(at, (at += product(shape)));
    fill(part, name, shape, mixSeeds(seed, index));
  });
  return all;
}

/** Numbers that training changes: not a normalisation's running averages. */
export function trainableNumbers(weights: readonly WeightEntry[]): number {
  return weights
    .filter(({ name }) => !roleOf(name).startsWith('moving_'))
    .reduce((sum, { shape }) => sum + product(shape), 0);
}

function fill(out: Float32Array, name: string, shape: readonly number[], seed: number): void {
  const role = roleOf(name);
  const random = randomFrom(seed);
  if (role === 'gamma' || role === 'moving_variance') out.fill(1);
  else if (role === 'kernel' && shape.length === 2) {
    const bound = 1 / Math.sqrt(shape[0]!);
    for (let i = 0; i < out.length; i++) out[i] = (2 * random() - 1) * bound;
  } else if (['kernel', 'depthwise_kernel', 'pointwise_kernel'].includes(role)) {
    const fanOut = product(shape.slice(0, -2)) * shape.at(-1)!;
    const deviation = Math.sqrt(2 / fanOut);
    for (let i = 0; i < out.length; i++) out[i] = normal(random) * deviation;
  } else if (!['bias', 'beta', 'moving_mean', 'alpha'].includes(role))
    throw new Error(
      `It is not known how to draw the weight ${name} afresh; kernels, biases and batch normalisation are.`,
    );
}

function roleOf(name: string): string {
  return name.split('/').at(-1)!;
}
