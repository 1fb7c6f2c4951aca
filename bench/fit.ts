/**
 * What training SDN's internal classifiers costs on top of running the network, all on this machine's wasm workers:
 * the pass that makes the features and 1 or 100 epochs on them, against the bare forward pass of the same images.
 *
 *   npm run bench:fit [-- --network ID] [--images n] [--workers n]
 *
 * Beside it, on one thread: a training step of all classifiers by this program's arithmetic and by the same gradients
 * in tfjs operations, against the forward pass of as many images.
 */
import { availableParallelism } from 'node:os';
import { readdir, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { spawnThread } from '../cli/spawn.ts';
import type { Split } from '../src/core/dataset.ts';
import { randomFrom } from '../src/core/random.ts';
import { Pool } from '../src/engine/client/pool.ts';
import { toHalf } from '../src/methods/parts/linear/half.ts';
import { initialWeights } from '../src/methods/parts/linear/learner.ts';
import { LinearModel } from '../src/methods/parts/linear/model.ts';
import { inputsOf, rowLength, type LinearShape } from '../src/methods/parts/linear/settings.ts';
import { own as sdn } from '../src/methods/sdn/own.ts';
import { Phases } from '../src/methods/run/phases.ts';
import { fitSdn } from '../src/methods/parts/classifiers/fit.ts';
import { placeClassifiers, shapeOf } from '../src/methods/parts/classifiers/sites.ts';
import { networkFromFiles } from '../src/network/files.ts';
import { loadNetwork } from '../src/network/network.ts';
import { TfjsStep } from './tfjs-step.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'resnet18-cifar10' },
    images: { type: 'string', default: '1024' },
    workers: { type: 'string', default: String(availableParallelism()) },
    turns: { type: 'string', default: '3' },
  },
});
const count = Number(values.images);
const TURNS = Number(values.turns);

const folder = new URL(`../public/networks/${values.network}/`, import.meta.url);
const map = new Map<string, Uint8Array>();
for (const name of await readdir(folder)) map.set(name, await readFile(new URL(name, folder)));
const files = await networkFromFiles(map);
const { input, classes } = files.card;
const shape = [input.size, input.size, input.channels] as const;
const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

const random = randomFrom(1);
const split: Split = {
  images: Uint8Array.from({ length: count * shape[0] * shape[1] * shape[2] }, () => random() * 256),
  labels: Uint8Array.from({ length: count }, (_, i) => i % classes.length),
  count,
};

const pool = await Pool.start({
  backend: 'wasm',
  workers: Number(values.workers),
  spawn: spawnThread,
  onStatus: () => undefined,
});
const network = await pool.load(files);
const { sites } = placeClassifiers(network, 'SDN');
const runner = pool.runner(network, files, shape);

/** The network's logits and nothing else. */
async function bare(): Promise<void> {
  const parameters = { sites: new Uint32Array(0) };
  await runner.run({
    kernel: sdn.kernel('outputs'),
    classes: classes.length,
    parameters,
    split,
    onBatch: () => undefined,
  });
}

async function fit(epochs: number): Promise<void> {
  const plan = ['features', 'training'].map((phase) => ({ phase, images: count }));
  const phases = new Phases(plan, undefined);
  const options = { epochs, seed: 1 };
  const context = { runner };
  await fitSdn(
    {
      sites,
      kernel: sdn.kernel('features'),
      learner: sdn.learner('linear'),
      shape: (site) => shapeOf(site, classes.length),
      classes: classes.length,
      train: split,
      options,
      phases,
      context,
    },
    () => undefined,
  );
}

const contestants = {
  'bare forward pass': bare,
  'fit, 1 epoch': () => fit(1),
  'fit, 100 epochs': () => fit(100),
};
const seconds = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]));
await bare();
// Contestants take turns, so that whatever else the machine does meets all of them alike.
for (let turn = 0; turn < TURNS; turn++)
  for (const [name, run] of Object.entries(contestants)) {
    const start = performance.now();
    await run();
    seconds.get(name)!.push((performance.now() - start) / 1000);
  }
pool.dispose();
console.log(
  `${values.network}, ${count} images, ${sites.length} classifiers, ${pool.backend.description}, median of ${TURNS}`,
);
const base = median(seconds.get('bare forward pass')!);
for (const [name, times] of seconds)
  console.log(
    `${name.padEnd(22)} ${median(times).toFixed(2).padStart(8)} s   ${(median(times) / base).toFixed(3)} × bare forward pass`,
  );

// One thread: steps of all classifiers.
const BATCH = 128;
const ROUNDS = 11;
await tf.setBackend('wasm');
const local = await loadNetwork(files);
const picture = tf.randomUniform([64, ...shape]);
const rows = Uint32Array.from({ length: BATCH }, (_, i) => i);
const labels = split.labels.slice(0, BATCH);
const shapes = sites.map((site) => shapeOf(site, classes.length));
const features = shapes.map((of) => Float32Array.from({ length: BATCH * rowLength(of) }, random));

function linearModel(of: LinearShape, s: number): LinearModel {
  const model = new LinearModel(of, BATCH, BATCH, initialWeights(of, s));
  const width = rowLength(of);
  const half = new Uint16Array(width);
  for (let i = 0; i < BATCH; i++) {
    toHalf(features[s]!.subarray(i * width, (i + 1) * width), half);
    model.keep(i, 0, half);
  }
  return model;
}
const models = shapes.map(linearModel);
const tfjs = shapes.map((of, s) => new TfjsStep(of, features[s]!, BATCH, initialWeights(of, s)));
const steps: Record<string, () => number> = {
  'bare forward pass': () => {
    const outputs = local.forward(picture);
    outputs.at(-1)!.dataSync();
    tf.dispose(outputs);
    return 64;
  },
  'steps, this program': () => {
    for (const model of models) model.step(rows, labels, 1e-3);
    return BATCH;
  },
  'steps, tfjs operations': () => {
    for (const step of tfjs) step.run(labels, 1e-3);
    return BATCH;
  },
};
const micros = new Map<string, number[]>(Object.keys(steps).map((name) => [name, []]));
for (let round = -3; round < ROUNDS; round++)
  for (const [name, run] of Object.entries(steps)) {
    const start = performance.now();
    const images = run() + run();
    if (round >= 0) micros.get(name)!.push((1000 * (performance.now() - start)) / images);
  }
const forward = median(micros.get('bare forward pass')!);
const inputs = shapes.reduce((sum, of) => sum + inputsOf(of), 0);
console.log(`1 thread, ${inputs} inputs in all, batch ${BATCH}, median of ${ROUNDS}`);
for (const [name, times] of micros)
  console.log(
    `${name.padEnd(22)} ${median(times).toFixed(1).padStart(8)} µs an image   ` +
      `100 epochs ${((100 * median(times)) / forward).toFixed(2)} × bare forward pass`,
  );
