/**
 * `npm run bench:ratios`: what may not become slower from one release to the next, as ratios to plain code of the same run, so
 * that they hold on any machine: replay, a drag, extraction, search, a first visit and the weight, drag and visit both as
 * what they compute and as what the built page takes of a browser's thread. Fails where one is worse than ratios.json by more
 * than a busy machine explains.
 *   npm run bench:ratios             compares
 *   npm run bench:ratios -- --keep   keeps the numbers of now
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { readNetwork } from '../cli/inputs.ts';
import { leaves } from '../src/core/policy.ts';
import { arrange } from '../src/core/arrange.ts';
import { confusion } from '../src/core/confusion.ts';
import { arrivals, policyForShares, thresholdForCount } from '../src/core/quantile.ts';
import { decodeTrace } from '../src/core/trace-file.ts';
import { randomTrace } from '../src/core/fixture.ts';
import { randomFrom } from '../src/core/random.ts';
import { replay, replayBuffers } from '../src/core/replay.ts';
import { frontierSearch } from '../src/core/search/best.ts';
import { lookup } from '../src/core/search/lookup.ts';
import type { Rule } from '../src/core/policy.ts';
import { distancesKernel } from '../src/methods/parts/means/kernels.ts';
import { product } from '../src/network/cost.ts';
import { networkFromFiles } from '../src/network/files.ts';
import { layersModel } from '../src/network/model.ts';
import { loadNetwork } from '../src/network/network.ts';
import { weigh } from '../scripts/weight.ts';
import { pageRatios } from './page-ratios.ts';

/** So many times what was kept is too much: a busy machine is rarely further off in its best round. */
const MOST = 2;
/** The size of a build does not depend on the machine. */
const MOST_WEIGHT = 1.05;
const ROUNDS = 7;
/** Milliseconds that a piece of work is repeated for. */
const ENOUGH = 60;
const KEPT = fileURLToPath(new URL('ratios.json', import.meta.url));
const RUNS = fileURLToPath(new URL('../public/runs', import.meta.url));
const DIST = fileURLToPath(new URL('../dist/assets', import.meta.url));

type Work = () => unknown;

/** Milliseconds of processor time that a piece of work takes, which others on the machine hardly change. */
async function cost(work: Work): Promise<number> {
  let times = 0;
  const { user, system } = process.cpuUsage();
  for (;;) {
    await work();
    times++;
    const used = process.cpuUsage({ user, system });
    const spent = (used.user + used.system) / 1000;
    if (spent > ENOUGH) return spent / times;
  }
}

/** The best of some rounds of each, in turn: what else runs can only make one slower. */
async function ratio(work: Work, beside: Work): Promise<number> {
  const least = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++)
    for (const [n, one] of [work, beside].entries())
      least[n] = Math.min(least[n]!, await cost(one));
  return least[0]! / least[1]!;
}

const rule: Rule = 'above';
const trace = randomTrace(10_000, 10);
const buffers = replayBuffers(trace.count, trace.exits.length);
const policy = policyForShares(
  trace,
  rule,
  Array.from({ length: 9 }, () => 0.1),
);
const small = randomTrace(1500, 6);

/** Algorithm 1, image by image. */
function plainReplay(): number {
  const { count, exits, confidence, prediction, label } = trace;
  let right = 0;
  for (let i = 0; i < count; i++) {
    const found = policy.thresholds.findIndex((threshold, j) =>
      leaves(rule, confidence[j * count + i]!, threshold),
    );
    const exit = found < 0 ? exits.length - 1 : found;
    if (prediction[exit * count + i] === label[i]) right++;
  }
  return right;
}

const far = replay(trace, policy, replayBuffers(trace.count, trace.exits.length));

/** What one position of a slider asks for: a threshold from the images that arrive, and all that is drawn of it. */
function dragStep(): number {
  const arriving = arrivals(trace, far, 3, rule);
  const thresholds = [...policy.thresholds];
  thresholds[3] = thresholdForCount(arriving, 1000);
  const outcome = replay(trace, { rule, thresholds }, buffers);
  trace.exits.forEach((_, j) => confusion(trace, j, 'leaving', outcome));
  return arrange(trace, outcome).images.length;
}

const RUN = 'cifar-10-resnet18-cifar10-e2cm-test.trace';
const published = (ending: string): Buffer => readFileSync(join(RUNS, `${RUN}.${ending}`));
const [header, bytes] = [published('json').toString(), new Uint8Array(published('bin'))];

/** What a first visit asks for, beside the page's own code: a recorded run read, its first policy and its matrices. */
function openRecorded(): number {
  const { trace: read } = decodeTrace(JSON.parse(header), bytes);
  const shares = read.exits.slice(1).map(() => 0.15);
  const outcome = replay(read, policyForShares(read, rule, shares));
  read.exits.forEach((_, j) => confusion(read, j));
  return outcome.accuracy;
}

/** Twenty million products and sums. */
function plainSums(): number {
  const random = randomFrom(1);
  const numbers = Float64Array.from({ length: 4096 }, () => random());
  let sum = 0;
  for (let round = 0; round < 5000; round++)
    for (let i = 0; i < numbers.length; i++) sum += numbers[i]! * numbers[(i * 7) & 4095]!;
  return sum;
}

/** Of 64 images: the forward pass beside tfjs’s own, and with E2CM’s distances at every exit beside that. */
async function extraction(): Promise<{ forward: number; distances: number }> {
  await tf.setBackend('wasm');
  const files = await networkFromFiles(await readNetwork('resnet18-w16-strokes'));
  const [network, model] = [await loadNetwork(files), await layersModel(files)];
  const x = tf.randomUniform([64, 32, 32, 1], -1, 1, 'float32', 1) as tf.Tensor4D;
  const dimensions = network.exits.map((stage) => product(network.stages[stage]!.shape));
  const means = new Float32Array(10 * dimensions.reduce((sum, d) => sum + d, 0)).fill(0.5);
  const kernel = distancesKernel(
    { classes: 10, dimensions },
    { means, counts: new Uint32Array(10).fill(1) },
  );
  const own = async (): Promise<void> => {
    const outputs = network.forward(x);
    await outputs.at(-1)!.data();
    tf.dispose(outputs);
  };
  const measured = async (): Promise<void> => {
    const outputs = network.forward(x);
    await kernel.batch(outputs, new Uint8Array(64));
    tf.dispose(outputs);
  };
  const stock = async (): Promise<void> => {
    const output = model.predict(x) as tf.Tensor;
    await output.data();
    output.dispose();
  };
  return { forward: await ratio(own, stock), distances: await ratio(measured, stock) };
}

function buildBytes(): number | null {
  if (!existsSync(DIST)) return null;
  return readdirSync(DIST)
    .filter((name) => /\.(js|css)$/.test(name))
    .reduce((sum, name) => sum + weigh(name, readFileSync(join(DIST, name))).gzipped, 0);
}

const drain = (steps: Iterable<unknown>): number => [...steps].length;

const { forward, distances } = await extraction();
const inPage = existsSync(DIST) ? await pageRatios() : null;
const measured: Readonly<Record<string, number | null>> = {
  'replay beside a plain loop': await ratio(() => replay(trace, policy, buffers), plainReplay),
  'position of a slider beside a plain loop': await ratio(dragStep, plainReplay),
  'recorded run opened beside a plain loop': await ratio(openRecorded, plainReplay),
  'frontier search beside plain sums': await ratio(
    () => drain(frontierSearch(lookup(small, rule), {})),
    plainSums,
  ),
  'forward pass beside tfjs’s own': forward,
  'forward pass with distances beside tfjs’s own without': distances,
  'first visit in a browser beside plain sums': inPage?.visit ?? null,
  'position of a slider in a browser beside plain sums': inPage?.drag ?? null,
  'bytes of the build’s code, gzipped': buildBytes(),
};

if (process.argv.includes('--keep')) {
  writeFileSync(KEPT, `${JSON.stringify(measured, null, 2)}\n`);
  console.log(`Kept in ${KEPT}.`);
}
const kept = JSON.parse(readFileSync(KEPT, 'utf8')) as Readonly<Record<string, number | null>>;
let isWorse = false;
for (const [name, now] of Object.entries(measured)) {
  const before = kept[name];
  if (now === null || before === null || before === undefined) {
    console.log(`${name}: not compared; build first, or keep the numbers of now.`);
    isWorse = true;
    continue;
  }
  const most = before * (before > 1000 ? MOST_WEIGHT : MOST);
  const verdict = now > most ? `worse than ${most.toPrecision(3)}, the most` : 'well';
  isWorse ||= now > most;
  console.log(`${name}: ${now.toPrecision(3)}, kept ${before.toPrecision(3)}: ${verdict}`);
}
process.exitCode = isWorse ? 1 : 0;
