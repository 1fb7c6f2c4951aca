/** The steps of both trainings give what PyTorch gives (training/golden_dec.py). */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contingency } from '../../core/clustering/contingency.ts';
import { softAssignment, targetDistribution } from '../../core/clustering/student.ts';
import { adamOn } from '../parts/dense/adam.ts';
import { lengthOf, partsOf } from '../parts/dense/layout.ts';
import { Stack } from '../parts/dense/stack.ts';
import { reconstructionStep } from './autoencoder.ts';
import { Refiner } from './refiner.ts';
import { scoresOf } from './score.ts';

type Named = Record<string, number[]>;

interface Trained {
  readonly rate: number;
  readonly start: Named;
  readonly losses: number[];
  readonly gradient: Named;
  readonly end: Named;
}

const golden = JSON.parse(readFileSync('training/golden_dec.json', 'utf8')) as {
  sizes: number[];
  clusters: number;
  batch: number;
  steps: number;
  x: number[];
  autoencoder: Trained;
  head: Trained;
  refinement: Omit<Trained, 'start'> & {
    momentum: number;
    centres: number[];
    q: number[];
    p: number[];
  };
  scores: { clusters: number[]; labels: number[]; accuracy: number; nmi: number; ari: number };
};
const { sizes, clusters, batch, steps } = golden;
const hourglass = [...sizes, ...[...sizes].reverse().slice(1)];
const ENCODER = ['dense1', 'dense2', 'dense3'];
const DECODER = ['decoder1', 'decoder2', 'decoder3'];

const flat = (of: Named, layers: readonly string[]): Float32Array =>
  Float32Array.from(layers.flatMap((name) => [...of[`${name}/kernel`]!, ...of[`${name}/bias`]!]));

/** Largest difference, beside the largest number. */
function apart(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  expect(ours.length).toBe(theirs.length);
  let [difference, largest] = [0, 0];
  for (let i = 0; i < theirs.length; i++) {
    difference = Math.max(difference, Math.abs(ours[i]! - theirs[i]!));
    largest = Math.max(largest, Math.abs(theirs[i]!));
  }
  return difference / largest;
}

const tensorOf = (rows: number[], width: number, step: number) =>
  tf.tensor2d(rows.slice(step * batch * width, (step + 1) * batch * width), [batch, width]);

/** wasm transposes before it multiplies, cpu does not; Adam on tensors is what WebGPU gets. */
describe.each([
  ['cpu', true],
  ['wasm', false],
] as const)('on %s, Adam on tensors: %s', (backend, onDevice) => {
  beforeAll(async () => {
    setWasmPaths('node_modules/@tensorflow/tfjs-backend-wasm/dist/');
    setThreadsCount(1);
    await tf.setBackend(backend);
  });
  afterAll(() => expect(tf.memory().numTensors).toBe(0));

  const train = async (
    of: Trained,
    layers: readonly string[],
    chain: readonly number[],
    linear: readonly number[],
    rows: number[],
  ) => {
    const start = flat(of.start, layers);
    const stack = new Stack(chain, new Set(linear), start);
    const adam = adamOn(stack, start, undefined, onDevice);
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const x = tensorOf(rows, chain[0]!, step);
      const loss = reconstructionStep(stack, adam, x, of.rate);
      losses.push((await loss.data())[0]!);
      tf.dispose([loss, x]);
    }
    const end = await stack.weights();
    const { m } = await adam.state();
    adam.dispose();
    stack.dispose();
    return { losses, end, m };
  };

  it('ten steps of Adam on an autoencoder', async () => {
    const of = golden.autoencoder;
    const trained = await train(of, [...ENCODER, ...DECODER], hourglass, [2, 5], golden.x);
    expect(apart(trained.losses, of.losses)).toBeLessThan(1e-5);
    expect(apart(trained.end, flat(of.end, [...ENCODER, ...DECODER]))).toBeLessThan(1e-4);
  });

  it('the gradients of its first step', () => {
    const { start, gradient } = golden.autoencoder;
    const layers = [...ENCODER, ...DECODER];
    const stack = new Stack(hourglass, new Set([2, 5]), flat(start, layers));
    const ours = tf.tidy(() => {
      const x = tensorOf(golden.x, sizes[0]!, 0);
      const values = stack.forward(x);
      const difference = tf.sub(values.at(-1)!, x);
      const gradients = stack.backward(values, tf.mul(difference, 2 / difference.size));
      return Float32Array.from(gradients.flatMap((tensor) => [...tensor.dataSync()]));
    });
    stack.dispose();
    expect(apart(ours, flat(gradient, layers))).toBeLessThan(1e-5);
  });

  it('ten steps on the features of a frozen layer', async () => {
    const { start, end, losses } = golden.head;
    const features = tf.tidy(() => {
      const encoder = new Stack(sizes, new Set([2]), flat(golden.autoencoder.end, ENCODER));
      const all = tf.tensor2d(golden.x, [golden.x.length / sizes[0]!, sizes[0]!]);
      const output = [...encoder.forward(all, 1).at(-1)!.dataSync()];
      encoder.dispose();
      return output;
    });
    const layers = ['middle', 'decoder'];
    const chain = [sizes[1]!, sizes.at(-1)!, sizes[1]!];
    const trained = await train({ ...golden.head, start }, layers, chain, [0, 1], features);
    expect(apart(trained.losses, losses)).toBeLessThan(1e-5);
    expect(apart(trained.end, flat(end, layers))).toBeLessThan(1e-4);
  });

  it('ten steps of the refinement, its assignments and its target', async () => {
    const { rate, momentum, centres, q, p, losses, end } = golden.refinement;
    const stack = new Stack(sizes, new Set([2]), flat(golden.autoencoder.end, ENCODER));
    const d = sizes.at(-1)!;
    const all = tf.tensor2d(golden.x, [golden.x.length / sizes[0]!, sizes[0]!]);
    const z = tf.tidy(() => stack.forward(all).at(-1)!.dataSync().slice() as Float32Array);
    all.dispose();
    const soft = softAssignment(z, Float32Array.from(centres), d);
    expect(apart(soft, q)).toBeLessThan(1e-5);
    expect(apart(targetDistribution(soft, clusters), p)).toBeLessThan(1e-5);
    const refiner = new Refiner(stack, momentum, { centres: Float32Array.from(centres) });
    const ours: number[] = [];
    for (let step = 0; step < steps; step++) {
      const x = tensorOf(golden.x, sizes[0]!, step);
      const target = p.slice(step * batch * clusters, (step + 1) * batch * clusters);
      ours.push(await refiner.step(x, Float32Array.from(target), rate));
      x.dispose();
    }
    const state = await refiner.state();
    refiner.dispose();
    stack.dispose();
    expect(apart(ours, losses)).toBeLessThan(1e-4);
    expect(apart(state.weights!, flat(end, ENCODER))).toBeLessThan(1e-4);
    expect(apart(state.centres!, end.centres!)).toBeLessThan(1e-4);
  });
});

it('scores are those of an independent program', () => {
  const { clusters: own, labels, ...scores } = golden.scores;
  const ours = scoresOf(Uint8Array.from(own), 4, Uint8Array.from(labels), 4);
  for (const name of ['accuracy', 'nmi', 'ari'] as const)
    expect(ours[name]).toBeCloseTo(scores[name], 7);
  expect(contingency(Uint8Array.from(own), Uint8Array.from(labels), 4, 4)).toHaveLength(16);
});

it('lays layers out one after the other', () => {
  expect(partsOf([3, 2, 1]).map(({ from, to }) => [from, to])).toEqual([
    [0, 6],
    [6, 8],
    [8, 10],
    [10, 11],
  ]);
  expect(lengthOf([3, 2, 1])).toBe(11);
});
