/** Ten steps of joint training against PyTorch (training/golden_branchy.py): losses, gradients, weights, averages. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { withBranches, withWeights } from '../../../network/branches.ts';
import { product } from '../../../network/cost.ts';
import type { NetworkFiles } from '../../../network/files.ts';
import { loadNetwork, type NetworkSummary } from '../../../network/network.ts';
import { parseCard } from '../../../network/card.ts';
import { JointModel } from './model.ts';
import { rateAt } from './settings.ts';

interface Golden {
  readonly batch: number;
  readonly steps: number;
  readonly classes: number;
  readonly side: number;
  readonly imageSeed: number;
  readonly labelSeed: number;
  readonly mean: number[];
  readonly std: number[];
  readonly peak: number;
  readonly decay: number;
  readonly second: string;
  readonly layers: { name: string; inbound_nodes: unknown[][][] }[];
  readonly start: { name: string; shape: number[]; seed: number; shift: number; scale: number }[];
  readonly rates: number[];
  readonly losses: number[][];
  readonly gradient: Record<string, Measures>;
  readonly end: Record<string, Measures>;
}
/** Norm and the products with two vectors. */
type Measures = readonly [number, number, number];

const golden = JSON.parse(readFileSync('training/golden_branchy.json', 'utf8')) as Golden;

function drawn(seed: number, count: number): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

const centred = (seed: number, count: number): Float64Array =>
  Float64Array.from(drawn(seed, count), (byte) => (byte - 127.5) / 128);

function plainFiles(): NetworkFiles {
  const weights = golden.start
    .filter(({ name }) => !name.startsWith('branch'))
    .map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const numbers = weights.reduce((sum, { shape }) => sum + product(shape), 0);
  const { side, mean, std } = golden;
  const config = {
    name: 'tiny',
    layers: golden.layers,
    input_layers: [['input', 0, 0]],
    output_layers: [['fc', 0, 0]],
  };
  return {
    card: parseCard({
      id: 'tiny',
      classes: Array.from({ length: golden.classes }, (_, k) => `${k}`),
      input: { size: side, channels: 1, mean, std },
    }),
    topology: { model_config: { class_name: 'Functional', config } },
    weights,
    data: new ArrayBuffer(4 * numbers),
  };
}

async function summaryOf(files: NetworkFiles): Promise<NetworkSummary> {
  const network = await loadNetwork(files);
  network.dispose();
  return network.summary();
}

/** Relative to the norm: what float32 leaves of float64. */
function agrees(values: ArrayLike<number>, seed: number, expected: Measures, name: string): void {
  const vectors = [1000, 2000].map((by) => centred(seed + by, values.length));
  const dot = (a: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value, i) => sum + value * a[i]!, 0);
  const [norm, ...products] = expected;
  const scale = Math.max(norm, 1e-2);
  const off = [Math.sqrt(dot(values)) - norm, ...vectors.map((v, i) => dot(v) - products[i]!)];
  for (const by of off) expect(Math.abs(by) / scale, name).toBeLessThan(1e-4);
}

let files: NetworkFiles;
let model: JointModel;

/** Images float32 [B, side, side, 1] and classes of one step. */
function batchOf(step: number): [tf.Tensor4D, tf.Tensor1D] {
  const { batch, steps, side, classes, mean, std } = golden;
  const size = batch * side * side;
  const pixels = drawn(golden.imageSeed, steps * size).subarray(step * size, (step + 1) * size);
  const labels = drawn(golden.labelSeed, steps * batch).subarray(step * batch, (step + 1) * batch);
  const fed = Float32Array.from(pixels, (pixel) => (pixel / 255 - mean[0]!) / std[0]!);
  return [
    tf.tensor4d(fed, [batch, side, side, 1]),
    tf.tensor1d(
      Int32Array.from(labels, (byte) => byte % classes),
      'int32',
    ),
  ];
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  const plain = plainFiles();
  files = withBranches(plain, await summaryOf(plain), 1);
  const start = golden.start.map(({ name, shape, seed, shift, scale }) => [
    name,
    Float32Array.from(centred(seed, product(shape)), (value) => shift + scale * value),
  ]);
  files = withWeights(files, Object.fromEntries(start) as Record<string, Float32Array>);
  model = await JointModel.load(files, golden.decay);
});

describe('joint training against PyTorch', () => {
  it('has the weights that the branches of training/branchy.py have, at the same places', () => {
    const sorted = (list: readonly { name: string; shape: readonly number[] }[]) =>
      list.map(({ name, shape }) => `${name} ${shape.join('×')}`).sort();
    expect(sorted(files.weights)).toEqual(sorted(golden.start));
    const { config } = (files.topology as { model_config: { config: typeof golden } }).model_config;
    const of = (name: string) => config.layers.find((layer) => layer.name === name)!;
    expect(of('branch1.pool.pad').inbound_nodes[0]![0]![0]).toBe('relu1');
    expect(of('branch2.block.conv1.pad').inbound_nodes[0]![0]![0]).toBe(`${golden.second}.relu`);
  });

  it('has the same gradients', async () => {
    const [x, y] = batchOf(0);
    const { gradients } = model.gradients(x, y);
    expect(gradients).toHaveLength(Object.keys(golden.gradient).length);
    for (const [i, name] of model.names.entries()) {
      const { seed } = golden.start.find((weight) => weight.name === name)!;
      agrees(await gradients[i]!.data(), seed, golden.gradient[name]!, name);
    }
  });

  it('has the same losses over ten steps, and the same weights and running averages after them', async () => {
    const tensors: number[] = [];
    for (const [step, expected] of golden.losses.entries()) {
      const rate = rateAt(golden.peak, step, golden.steps);
      expect(rate).toBeCloseTo(golden.rates[step]!, 12);
      const [x, y] = batchOf(step);
      const measured = model.step(x, y, rate);
      const losses = await measured.data();
      tf.dispose([x, y, measured]);
      tensors.push(tf.memory().numTensors);
      expected.forEach((loss, e) => {
        expect(Math.abs(losses[e]! - loss), `step ${step}, exit ${e}`).toBeLessThan(1e-4 * loss);
      });
    }
    // Flat once the first step has made the velocities.
    expect(new Set(tensors).size).toBe(1);
    const state = await model.state();
    for (const { name, seed } of golden.start) agrees(state[name]!, seed, golden.end[name]!, name);
  });
});
