/**
 * What is left: multiply-adds a second of the forward pass, by stage, as a share of what a bare loop of multiplications
 * and additions on registers reaches on the same thread. Counted are those of the network (a padded tap counts, and an
 * algorithm that needs fewer is credited with all), so that a share may pass 1. `npm run bench:roofline [-- --network ID]`
 */
import { readdir, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { product } from '../src/network/cost.ts';
import { networkFromFiles } from '../src/network/files.ts';
import { fold } from '../src/network/fold.ts';
import { endingOf } from '../src/network/scores.ts';
import { graphOf } from '../src/network/graph.ts';
import { callsOf } from '../src/network/model-layers.ts';
import { layersModel } from '../src/network/model.ts';
import { loadNetwork } from '../src/network/network.ts';
import * as a from '../src/network/simd/assembler.ts';
import { heapOf } from '../src/network/simd/heap.ts';
import { compileProgram } from '../src/network/simd/program.ts';
import { findStages } from '../src/network/stages.ts';
import { randomNumbers } from '../src/network/testing.ts';
import { randomResNet152 } from './resnet.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'resnet18-cifar10' },
    batch: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '15' },
  },
});
const BATCH = Number(values.batch);

/** Eight sums and eight products a turn, nothing loaded: 32 multiply-adds. */
const SUMS = ['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7'] as const;
const bare = a.routine(
  'bare',
  ['turns', 'y'],
  {
    ...(Object.fromEntries(SUMS.map((sum) => [sum, 'v128'])) as Record<
      (typeof SUMS)[number],
      'v128'
    >),
    factor: 'v128',
  },
  (at) =>
    a.join(
      a.set(at.factor, a.constant(0.5)),
      a.repeat(
        at.turns,
        a.join(
          ...SUMS.map((sum, i) => {
            const other = a.get(at[SUMS[(i + 1) % SUMS.length]!]);
            return a.set(at[sum], a.add(a.get(at[sum]), a.mul(a.get(at.factor), other)));
          }),
        ),
      ),
      ...SUMS.map((sum, i) => a.store(a.get(at.y), a.get(at[sum]), 16 * i)),
    ),
);
const memory = new WebAssembly.Memory({ initial: 1 });
const instance = new WebAssembly.Instance(new WebAssembly.Module(a.assemble([bare])), {
  env: { memory },
});
const loop = instance.exports.bare as (turns: number, y: number) => void;
const TURNS = 1e6;

await tf.setBackend('wasm');
const heap = heapOf(tf.backend())!;
async function read(id: string) {
  if (id === 'resnet152') return randomResNet152();
  const folder = new URL(`../public/networks/${id}/`, import.meta.url);
  const map = new Map<string, Uint8Array>();
  for (const name of await readdir(folder)) map.set(name, await readFile(new URL(name, folder)));
  return networkFromFiles(map);
}
const files = await read(values.network);
const network = await loadNetwork(files);
const graph = graphOf(callsOf(await layersModel(files)));
const ranges = findStages(graph);
const ops = await fold(graph, new Set(ranges.map(({ last }) => last)), endingOf(graph).softmax);

/** Every stage as a program of its own, whose node 0 is the stage's input. */
const stages = ranges.map(({ name, first, last }, s) => {
  const renumbered = (node: number) => node - (first - 1);
  const inside = ops
    .filter(({ output }) => output >= first && output <= last)
    .map((op) => ({ ...op, inputs: op.inputs.map(renumbered), output: renumbered(op.output) }));
  const { shape } = graph[first - 1]!;
  const program = compileProgram(inside, shape, [renumbered(last)], heap)!;
  const x = tf.tensor(randomNumbers(BATCH * product(shape), s).map(Math.abs), [BATCH, ...shape]);
  const run = () => tf.dispose(program.forward(x));
  return { name, run, count: (BATCH * network.stages[s]!.flops) / 2, rates: [] as number[] };
});
const peak = {
  name: 'bare loop',
  run: () => loop(TURNS, 0),
  count: 32 * TURNS,
  rates: [] as number[],
};
const x = tf.tensor4d(randomNumbers(BATCH * product(graph[0]!.shape), 1), [
  BATCH,
  ...(graph[0]!.shape as [number, number, number]),
]);
const whole = {
  name: 'forward pass',
  run: () => tf.dispose(network.forward(x)),
  count: (BATCH * network.flops) / 2,
  rates: [] as number[],
};
const all = [peak, whole, ...stages];
for (const { run } of all) run();
for (let round = 0; round < Number(values.rounds); round++)
  for (const { run, count, rates } of all) {
    const start = performance.now();
    run();
    rates.push(count / (performance.now() - start) / 1e6);
  }
const median = (rates: number[]) => rates.sort((p, q) => p - q)[rates.length >> 1]!;
const base = median(peak.rates);
for (const { name, rates } of all) {
  const rate = median(rates);
  console.log(
    `${name.padEnd(14)} ${rate.toFixed(1).padStart(6)} GMAC/s   ${(rate / base).toFixed(2)} of the bare loop`,
  );
}
