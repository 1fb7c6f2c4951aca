/**
 * How fast features come out of a network, and what E2CM costs on top: images/s of the bare forward pass, of forward +
 * class sums and of forward + distances at all exits (1 thread), beside a stock tfjs layers model with an output at every
 * exit, and the worker pool beside that model with the same arithmetic. Contestants take turns, and medians are printed.
 * `npm run bench:extraction [-- --network ID]`, where "resnet152" is ResNet-152 with random weights.
 */
import { availableParallelism } from 'node:os';
import { readdir, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as tfl from '@tensorflow/tfjs-layers';
import { spawnThread } from '../cli/spawn.ts';
import { randomResNet152 } from './resnet.ts';
import { randomFrom } from '../src/core/random.ts';
import type { Dataset, Split } from '../src/core/dataset.ts';
import { createEngine } from '../src/engine/client/engine.ts';
import type { BatchKernel } from '../src/methods/contract/kernel.ts';
import {
  distancesKernel,
  productDistancesKernel,
  productSumsKernel,
  sumsKernel,
} from '../src/methods/parts/means/kernels.ts';
import { product } from '../src/network/cost.ts';
import { networkFromFiles } from '../src/network/files.ts';
import { graphOf } from '../src/network/graph.ts';
import { callsOf } from '../src/network/model-layers.ts';
import { layersModel } from '../src/network/model.ts';
import { loadNetwork } from '../src/network/network.ts';
import { preprocess } from '../src/network/preprocess.ts';
import { findStages } from '../src/network/stages.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'resnet18-cifar10' },
    batch: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '9' },
    images: { type: 'string', default: '1024' },
  },
});
const BATCH = Number(values.batch);
const ROUNDS = Number(values.rounds);

await tf.setBackend('wasm');
const map = new Map<string, Uint8Array>();
if (values.network !== 'resnet152') {
  const folder = new URL(`../public/networks/${values.network}/`, import.meta.url);
  for (const name of await readdir(folder)) map.set(name, await readFile(new URL(name, folder)));
}
const files = map.size > 0 ? await networkFromFiles(map) : await randomResNet152();
const { input, classes } = files.card;
const K = classes.length;
const shape = [input.size, input.size, input.channels] as const;

function randomSplit(count: number, seed: number): Split {
  const random = randomFrom(seed);
  const images = Uint8Array.from({ length: count * product(shape) }, () => random() * 256);
  return { images, labels: Uint8Array.from({ length: count }, (_, i) => i % K), count };
}

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

const network = await loadNetwork(files);
const onTensors = await loadNetwork(files, { tensorsOnly: true });
const dimensions = network.exits.map((stage) => product(network.stages[stage]!.shape));
const stockModel = await layersModel(files);
const graph = graphOf(callsOf(stockModel));
const stock = tfl.model({
  inputs: stockModel.inputs,
  outputs: findStages(graph).map(({ last }) => graph[last]!.layer!.output as tfl.SymbolicTensor),
});

const { images, labels } = randomSplit(BATCH, 1);
const context = { classes: K, dimensions, branches: () => [] };
const sums = sumsKernel(context);
const random = randomFrom(3);
const means = Float32Array.from({ length: K * dimensions.reduce((a, b) => a + b, 0) }, () =>
  random(),
);
const parameters = { means, counts: new Uint32Array(K).fill(1) };
const distances = distancesKernel(context, parameters);
const stockSums = productSumsKernel(context);
const stockDistances = productDistancesKernel(context, parameters);

/** Pixels to exit outputs, as a worker does it. */
function forward(on = network): tf.Tensor2D[] {
  const x = tf.tensor4d(preprocess(images, BATCH, shape, input), [BATCH, ...shape]);
  const outputs = on.forward(x);
  x.dispose();
  return outputs;
}

function stockForward(): tf.Tensor2D[] {
  return tf.tidy(() => {
    const x = tf.tensor4d(preprocess(images, BATCH, shape, input), [BATCH, ...shape]);
    const outputs = stock.predictOnBatch(x) as tf.Tensor[];
    return outputs.map((y, j) => tf.reshape(y, [BATCH, dimensions[j]!]));
  });
}

async function bare(run: () => tf.Tensor2D[]): Promise<void> {
  const outputs = run();
  await outputs.at(-1)!.data();
  tf.dispose(outputs);
}

async function through(kernel: BatchKernel, run: () => tf.Tensor2D[]): Promise<void> {
  const outputs = run();
  await kernel.batch(outputs, labels);
  tf.dispose(outputs);
}

const contestants = {
  'stock model': () => bare(stockForward),
  'folded, on tfjs alone': () => bare(() => forward(onTensors)),
  'bare folded forward': () => bare(forward),
  'forward + class sums': () => through(sums, forward),
  'forward + distances': () => through(distances, forward),
  'stock model + class sums': () => through(stockSums, stockForward),
  'stock model + distances': () => through(stockDistances, stockForward),
};
type Name = keyof typeof contestants;
const names = Object.keys(contestants) as Name[];
const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
  Name,
  number[]
>;
for (const name of names) await contestants[name]();
// Contestants take turns, so that whatever else the machine does meets all of them alike.
for (let round = 0; round < ROUNDS; round++)
  for (const name of names) {
    const start = performance.now();
    await contestants[name]();
    await contestants[name]();
    rates[name].push((2 * BATCH * 1000) / (performance.now() - start));
  }

const rate = (name: Name) => median(rates[name]);
const line = (name: string, value: number, against: readonly [string, number][]) =>
  console.log(
    `${name.padEnd(26)} ${value.toFixed(0).padStart(6)} images/s   ` +
      against.map(([base, of]) => `${(value / of).toFixed(2)} × ${base}`).join('   '),
  );
console.log(`${values.network}, batch ${BATCH}, wasm, 1 thread, median of ${ROUNDS} rounds`);
for (const name of names)
  line(name, rate(name), [
    ['stock model', rate('stock model')],
    ['bare', rate('bare folded forward')],
  ]);
if (map.size === 0) process.exit();

const count = Number(values.images);
const dataset: Dataset = {
  id: 'random',
  title: 'Random',
  classes,
  shape,
  train: randomSplit(count, 1),
  test: randomSplit(count / 2, 2),
  source: 'random bytes',
};
const workers = availableParallelism();
const engine = await createEngine({ spawn: spawnThread, backend: 'wasm', workers });
await engine.loadNetwork({ files: map });
await engine.run('e2cm', dataset, { trainImages: 256 });

/** The stock model over as many images as a whole run: one pass of sums, one and a half of distances. */
async function stockRun(): Promise<void> {
  for (let done = 0; done < count; done += BATCH) await contestants['stock model + class sums']();
  for (let done = 0; done < 1.5 * count; done += BATCH)
    await contestants['stock model + distances']();
}

const TURNS = 3;
const rateOf = { pool: [] as number[], stock: [] as number[] };
async function clock(name: keyof typeof rateOf, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  rateOf[name].push((2.5 * count * 1000) / (performance.now() - start));
}
for (let turn = 0; turn < TURNS; turn++) {
  await clock('stock', stockRun);
  await clock('pool', () => engine.run('e2cm', dataset));
}
console.log(`whole runs over ${count} + ${count / 2} images, in turn, median of ${TURNS}`);
const stockRate: [string, number][] = [['stock model', median(rateOf.stock)]];
line('stock model, 1 thread', median(rateOf.stock), stockRate);
line(`engine, ${workers} workers`, median(rateOf.pool), stockRate);
engine.dispose();
