import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { decNetwork, freshDec, freshDense, DEC_EMBEDDING } from './dec.ts';
import { loadNetwork } from './network.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('costs what the paper’s three encoders cost', async () => {
  const network = await loadNetwork(freshDec([28, 28, 1], 'mnist', ['a', 'b'], 1));
  const { stages, branches, flops } = network.summary();
  expect(flops).toBe(2 * (784 * 500 + 500 * 500 + 500 * 2000 + 2000 * 10));
  const upTo = (stage: number) => stages.slice(0, stage + 1).reduce((sum, of) => sum + of.flops, 0);
  const [small, middle] = branches.map(({ output, flops: own }) => (upTo(output) + own) / flops);
  expect(small).toBeCloseTo(0.239, 3);
  expect(middle).toBeCloseTo(0.389, 3);
  network.dispose();
});

it('gives the embeddings of small, middle and large in that order', async () => {
  const constant = (inputs: number, units: number, value: number) => ({
    kernel: new Float32Array(inputs * units),
    bias: new Float32Array(units).fill(value),
  });
  const large = [1, 2, 3, 4].map((value) => constant(4, value === 4 ? DEC_EMBEDDING : 4, value));
  const files = decNetwork(
    [2, 2, 1],
    { large, middle: constant(4, DEC_EMBEDDING, 20), small: constant(4, DEC_EMBEDDING, 10) },
    { dataset: 'x', classes: ['a', 'b', 'c'], seed: 1 },
  );
  const network = await loadNetwork(files);
  const outputs = network.forward(tf.zeros([1, 2, 2, 1]));
  const all = [...network.branchLogits(outputs), outputs.at(-1)!];
  expect(all.map((tensor) => tensor.dataSync()[0])).toEqual([10, 20, 4]);
  network.dispose();
});

it('draws the same layer from the same seed, within its bound', () => {
  const { kernel, bias } = freshDense(100, 7, 3, 1);
  expect(kernel).toEqual(freshDense(100, 7, 3, 1).kernel);
  expect(kernel).not.toEqual(freshDense(100, 7, 3, 2).kernel);
  expect(Math.max(...kernel.map(Math.abs))).toBeLessThanOrEqual(0.1);
  expect(bias.every((value) => value === 0)).toBe(true);
});

it('refuses images that are not square', () => {
  expect(() => freshDec([20, 10, 1], 'x', ['a', 'b'], 1)).toThrow(
    'DEC takes square images; these have 20×10 pixels.',
  );
});
