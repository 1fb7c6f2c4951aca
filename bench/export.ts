/**
 * What an exported network takes where an image leaves, relative to the plain one, both by onnxruntime-web's wasm on one
 * thread and in turn; and natively by onnxruntime-node, where its folder is named (`npm i onnxruntime-node` elsewhere):
 * `npm run bench:export [-- --dataset cifar-10 --network resnet18-cifar10 --method e2cm --rounds 30 --native FOLDER]`.
 * All exits are asked; with `--flops 0.5` those alone that the frontier's policy at half the FLOPs asks, as an export has
 * them: a closed exit is not in the file.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as ort from 'onnxruntime-web';
import { closedThreshold, openThreshold, sense } from '../src/core/policy.ts';
import { relativeCost } from '../src/core/trace.ts';
import { createEngine } from '../src/engine/client/engine.ts';
import { someImages } from '../src/export/check.ts';
import { plainModel, wholeModel } from '../src/export/model.ts';
import { planOf } from '../src/export/plan.ts';
import { METHODS, isMethodId } from '../src/methods/registry.ts';
import { cutNetwork } from '../src/network/cut.ts';
import { trainHull } from '../cli/curves.ts';
import { loadImages, loadNetworkFiles } from '../cli/inputs.ts';
import { spawnThread } from '../cli/spawn.ts';

const { values } = parseArgs({
  options: {
    dataset: { type: 'string', default: 'cifar-10' },
    network: { type: 'string', default: 'resnet18-cifar10' },
    method: { type: 'string', default: 'e2cm' },
    rounds: { type: 'string', default: '30' },
    'train-images': { type: 'string', default: '1000' },
    data: { type: 'string', default: process.env.OFFRAMP_DATA ?? '' },
    flops: { type: 'string', default: '' },
    native: { type: 'string', default: '' },
  },
});
const { method } = values;
if (!isMethodId(method)) throw new Error(`There is no method "${method}".`);
const rounds = Number(values.rounds);

const dataset = await loadImages({
  id: values.dataset,
  folder: values.data,
  strokes: { seed: 1, train: 2000, test: 64 },
  testImages: 64,
});
const engine = await createEngine({ backend: 'wasm', spawn: spawnThread });
await engine.loadNetwork({ built: await loadNetworkFiles(values.network, dataset, 1) });
const options = { trainImages: Number(values['train-images']), epochs: 1 };
const { train, test } = await engine.run(method, dataset, options);
const portable = await engine.portable(someImages(dataset.test, dataset.shape, [0]));
engine.dispose();

await tf.setBackend('cpu');
const network = await cutNetwork(portable.files);
const { rule } = METHODS[method].confidence;
const exits = test.exits.length;
/** Whether an exit is asked: of a policy those that it does not close. */
const isAsked = askedBy(values.flops === '' ? null : Number(values.flops));
function askedBy(budget: number | null): (exit: number) => boolean {
  if (budget === null) return () => true;
  const stop = trainHull('frontier', train).findLast(({ cost }) => cost <= budget);
  if (!stop) throw new Error(`No policy costs ${budget} of the FLOPs or less.`);
  const closed = closedThreshold(rule);
  return (exit) => exit === exits - 1 || stop.thresholds[exit] !== closed;
}
/** Beyond every confidence, so that nobody leaves, and yet not closed: what is asked there is computed. */
const unreachable = sense(rule).sign * 1e6;
const model = (forced: number): Uint8Array => {
  const thresholds = Array.from({ length: exits - 1 }, (_, j) =>
    j === forced
      ? openThreshold(rule)
      : j < forced && isAsked(j)
        ? unreachable
        : closedThreshold(rule),
  );
  const plan = planOf(portable.exits, dataset.classes, { rule, thresholds });
  return wholeModel({ network, card: portable.files.card, shape: dataset.shape, plan, says: '' });
};
const plain = plainModel({ network, card: portable.files.card, shape: dataset.shape, says: '' });

ort.env.wasm.numThreads = 1;
const image = new ort.Tensor(
  'uint8',
  dataset.test.images.slice(0, dataset.test.images.length / 64),
  [1, ...dataset.shape],
);
/** The lower decile: what a run takes that nothing else on the machine gets between. */
const decile = (of: number[]): number => [...of].sort((a, b) => a - b)[Math.floor(of.length / 10)]!;

/** What a session and the plain one take on one image, in turn after a warm-up: lower deciles in milliseconds. */
async function inTurn(
  sessions: readonly [own: ort.InferenceSession, plain: ort.InferenceSession],
  image: ort.Tensor,
  turns: number,
): Promise<readonly [own: number, plain: number]> {
  const times: [number[], number[]] = [[], []];
  for (let turn = -2; turn < turns; turn++)
    for (const [s, session] of sessions.entries()) {
      const start = performance.now();
      await session.run({ image });
      if (turn >= 0) times[s]!.push(performance.now() - start);
    }
  return [decile(times[0]), decile(times[1])];
}

const folder = await mkdtemp(join(tmpdir(), 'offramp-bench-'));
await writeFile(join(folder, 'plain.onnx'), plain);
const whole = await ort.InferenceSession.create(plain);
const inWasm: number[] = [];
for (let j = 0; j < exits; j++) {
  const bytes = model(j);
  await writeFile(join(folder, `exit${j}.onnx`), bytes);
  const session = await ort.InferenceSession.create(bytes);
  const said = await session.run({ image });
  const left = Number((said.exit!.data as BigInt64Array)[0]);
  if (left !== j) throw new Error(`The model that leaves at exit ${j} left at ${left}.`);
  const [own, bare] = await inTurn([session, whole], image, rounds);
  inWasm.push(own / bare);
  await session.release();
  if (j === exits - 1) console.log(`plain network, wasm, one thread: ${bare.toFixed(1)} ms`);
}

/** What is used of onnxruntime-node, which is as onnxruntime-web but for this. */
interface Native {
  readonly Tensor: typeof ort.Tensor;
  readonly InferenceSession: {
    create(
      file: string,
      options: { readonly intraOpNumThreads: number },
    ): Promise<ort.InferenceSession>;
  };
}

/** The same natively, in one process: lower deciles relative to the plain network's. */
async function natively(): Promise<number[] | null> {
  const path = values.native;
  if (!path) return null;
  // No dependency of this project: it is as large as all others together.
  const native = createRequire(import.meta.url)(resolve(path)) as Native;
  const open = (name: string) =>
    native.InferenceSession.create(join(folder, `${name}.onnx`), { intraOpNumThreads: 1 });
  const same = new native.Tensor('uint8', image.data, [1, ...dataset.shape]);
  const whole = await open('plain');
  const shares: number[] = [];
  for (let j = 0; j < exits; j++) {
    const [own, bare] = await inTurn([await open(`exit${j}`), whole], same, 4 * rounds);
    shares.push(own / bare);
  }
  return shares;
}
const shares = await natively();
await rm(folder, { recursive: true });
if (!shares) console.log('--native names no onnxruntime-node: native times are left out.');
console.log(
  'exit            FLOPs    wasm  native   (relative to the plain network, lower deciles)',
);
test.exits.forEach(({ name }, j) => {
  if (!isAsked(j)) return;
  const cells = [relativeCost(test, j), inWasm[j]!, shares?.[j]];
  const texts = cells.map((share) => (share === undefined ? '–' : share.toFixed(2)).padStart(8));
  console.log(`${`${j} ${name}`.padEnd(14)}${texts.join('')}`);
});
process.exit(0);
