/**
 * What training DEC costs on one thread of tfjs's wasm: a step of DEC-large's autoencoder, and one of its refinement, against
 * the same matrix products alone. Then the quick setting end to end, on this machine's workers.
 *
 *   npm run bench:dec [-- --batch n] [--data DIR] [--dataset mnist] [--images n] [--workers n] [--turns n]
 *
 * Without --data (or OFFRAMP_DATA) the quick setting runs on drawn digits.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadImages } from '../cli/inputs.ts';
import { spawnThread } from '../cli/spawn.ts';
import { wasmFolder } from '../cli/wasm.ts';
import { firstImages } from '../src/core/dataset.ts';
import { randomFrom } from '../src/core/random.ts';
import { Pool } from '../src/engine/client/pool.ts';
import { adamOn } from '../src/methods/parts/dense/adam.ts';
import { lengthOf, macsOf } from '../src/methods/parts/dense/layout.ts';
import { Stack } from '../src/methods/parts/dense/stack.ts';
import { reconstructionStep } from '../src/methods/dec/autoencoder.ts';
import { dec } from '../src/methods/dec/method.ts';
import { DEC_DEFAULTS } from '../src/methods/dec/options.ts';
import { Refiner } from '../src/methods/dec/refiner.ts';
import { decSizes, freshDec } from '../src/network/dec.ts';
import { presets } from '../src/state/unsupervised/choices.ts';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: String(DEC_DEFAULTS.batch) },
    dataset: { type: 'string', default: 'mnist' },
    data: { type: 'string', default: process.env.OFFRAMP_DATA ?? '' },
    images: { type: 'string', default: '10000' },
    workers: { type: 'string', default: String(availableParallelism()) },
    turns: { type: 'string', default: '5' },
    steps: { type: 'boolean', default: false },
  },
});
const TURNS = Number(values.turns);
const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

setWasmPaths(wasmFolder());
setThreadsCount(1);
await tf.setBackend('wasm');

/** Milliseconds of each contestant, who take turns, so that whatever else the machine does meets all of them alike. */
async function race(contestants: Record<string, () => Promise<void> | void>) {
  const times = new Map(Object.keys(contestants).map((name) => [name, [] as number[]]));
  for (let turn = -1; turn < TURNS; turn++)
    for (const [name, run] of Object.entries(contestants)) {
      const start = performance.now();
      await run();
      if (turn >= 0) times.get(name)!.push(performance.now() - start);
    }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

/** The products of forward and backward pass, on tensors that are there already, transposed where that is needed. */
function products(stack: Stack, x: tf.Tensor2D): () => void {
  const [values, transposed, turned] = tf.tidy(() => {
    const all = stack.forward(x);
    const keep = <T extends tf.Tensor>(tensor: T) => tf.keep(tensor);
    return [
      all.map((value) => keep(tf.clone(value))),
      all.map((value) => keep(tf.transpose(value) as tf.Tensor2D)),
      Array.from({ length: stack.layers }, (_, l) =>
        keep(tf.transpose(stack.tensor(2 * l)) as tf.Tensor2D),
      ),
    ] as const;
  });
  return () =>
    tf.tidy(() => {
      for (let l = 0; l < stack.layers; l++) {
        tf.matMul(values[l]!, stack.tensor(2 * l) as tf.Tensor2D);
        tf.matMul(transposed[l]!, values[l + 1]!);
        if (l > 0) tf.matMul(values[l + 1]!, turned[l]!);
      }
    });
}

async function steps(batch: number): Promise<void> {
  const random = randomFrom(1);
  const encoder = decSizes(784);
  const sizes = [...encoder, ...[...encoder].reverse().slice(1)];
  const weights = (of: readonly number[]) =>
    Float32Array.from({ length: lengthOf(of) }, () => 0.06 * (random() - 0.5));
  const pixels = Float32Array.from({ length: batch * 784 }, () => 5 * random());
  const x = tf.tensor2d(pixels, [batch, 784]);
  const middle = encoder.length - 2;

  const start = weights(sizes);
  const stack = new Stack(sizes, new Set([middle, sizes.length - 2]), start);
  const adam = adamOn(stack, start);
  const clusters = 10;
  const small = new Stack(encoder, new Set([middle]), weights(encoder));
  const centres = Float32Array.from({ length: 10 * clusters }, () => random());
  const refiner = new Refiner(small, 0.9, { centres });
  const target = new Float32Array(batch * clusters).fill(1 / clusters);
  const times = await race({
    'products of the autoencoder': products(stack, x),
    'its training step': () => reconstructionStep(stack, adam, x, 1e-4).dispose(),
    'products of the encoder': products(small, x),
    'its refinement step': () => refiner.step(x, target, 1e-3).then(() => undefined),
  });
  const [alone, step, encoderAlone, refine] = [...times.values()] as [
    number,
    number,
    number,
    number,
  ];
  // The gradient of the first layer's input is not needed: two products there, three elsewhere.
  const flops = (of: readonly number[]) => 2 * batch * (3 * macsOf(of) - of[0]! * of[1]!);
  const line = (name: string, ms: number, all: number, base: number) =>
    console.log(
      `${name}: ${ms.toFixed(1)} ms, ${(all / ms / 1e6).toFixed(1)} GFLOPS, ${(base / ms).toFixed(2)} of the speed of its products alone`,
    );
  console.log(`Batch ${batch}, wasm, 1 thread, median of ${TURNS} turns`);
  line('Autoencoder, products alone', alone, flops(sizes), alone);
  line('Autoencoder, training step (Adam)', step, flops(sizes), alone);
  line('Encoder, products alone', encoderAlone, flops(encoder), encoderAlone);
  line('Encoder, refinement step (momentum)', refine, flops(encoder), encoderAlone);
  adam.dispose();
  refiner.dispose();
  tf.disposeVariables();
}

async function quick(): Promise<void> {
  const { data: folder } = values;
  const test = Math.floor(Number(values.images) / 5);
  const train = Number(values.images) - test;
  const id = folder ? values.dataset : 'strokes';
  const all = await loadImages({ id, folder, strokes: { seed: 1, train, test }, testImages: test });
  const dataset = { ...all, train: firstImages(all.train, all.shape, train) };
  const started = performance.now();
  const pool = await Pool.start({
    backend: 'wasm',
    workers: Number(values.workers),
    spawn: spawnThread,
    onStatus: () => undefined,
  });
  const files = freshDec(dataset.shape, dataset.id, dataset.classes, 1);
  const network = await pool.load(files);
  const run = await dec.run(
    dataset,
    { ...DEC_DEFAULTS, ...presets.quick, trainImages: train },
    {
      runner: pool.runner(network, files, dataset.shape),
      commit: 'bench',
      // Looking at it is part of the quick setting.
      onClustering: () => undefined,
    },
  );
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `\nQuick setting on ${train + test} images of ${id}, wasm × ${values.workers}, workers' start included: ${seconds.toFixed(1)} s`,
  );
  for (const phase of run.report.phases)
    console.log(`  ${phase.phase}: ${phase.seconds.toFixed(1)} s`);
  for (const [j, score] of (run.report.scores ?? []).entries())
    console.log(
      `  ${run.test.exits[j]!.name}: ACC ${(100 * score.accuracy).toFixed(1)} %, NMI ${score.nmi.toFixed(3)}`,
    );
  pool.dispose();
}

await steps(Number(values.batch));
if (!values.steps) await quick();
