/**
 * What an exported network takes where an image leaves, relative to the plain one, both by onnxruntime-web's wasm on one
 * thread and in turn; and natively where a Python has onnxruntime:
 * `npm run bench:export [-- --dataset cifar-10 --network resnet18-cifar10 --method e2cm --rounds 30]`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { loadImages, loadNetworkFiles } from '../cli/inputs.ts';
import { spawnThread } from '../cli/spawn.ts';
import { getPython } from '../scripts/python.mjs';

const { values } = parseArgs({
  options: {
    dataset: { type: 'string', default: 'cifar-10' },
    network: { type: 'string', default: 'resnet18-cifar10' },
    method: { type: 'string', default: 'e2cm' },
    rounds: { type: 'string', default: '30' },
    'train-images': { type: 'string', default: '1000' },
    data: { type: 'string', default: process.env.OFFRAMP_DATA ?? '' },
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
const { test } = await engine.run(method, dataset, options);
const portable = await engine.portable(someImages(dataset.test, dataset.shape, [0]));
engine.dispose();

await tf.setBackend('cpu');
const network = await cutNetwork(portable.files);
const { rule } = METHODS[method].confidence;
const exits = test.exits.length;
/** Beyond every confidence, so that nobody leaves, and yet not closed: what is asked there is computed. */
const unreachable = sense(rule).sign * 1e6;
const model = (forced: number): Uint8Array => {
  const thresholds = Array.from({ length: exits - 1 }, (_, j) =>
    j < forced ? unreachable : j === forced ? openThreshold(rule) : closedThreshold(rule),
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
const time = async (session: ort.InferenceSession): Promise<number> => {
  const start = performance.now();
  await session.run({ image });
  return performance.now() - start;
};
/** The lower decile: what a run takes that nothing else on the machine gets between. */
const decile = (of: number[]): number => [...of].sort((a, b) => a - b)[Math.floor(of.length / 10)]!;

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
  await time(whole);
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    times[0].push(await time(session));
    times[1].push(await time(whole));
  }
  inWasm.push(decile(times[0]) / decile(times[1]));
  await session.release();
  if (j === exits - 1)
    console.log(`plain network, wasm, one thread: ${decile(times[1]).toFixed(1)} ms`);
}

/** The same natively, in one process: lower deciles relative to the plain network's. */
const NATIVE = `
import sys, time, json, numpy, onnxruntime
folder, exits, rounds, shape = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
def open(name): return onnxruntime.InferenceSession(f"{folder}/{name}.onnx", options, providers=["CPUExecutionProvider"])
image = {"image": numpy.zeros([1, *shape], numpy.uint8)}
def run(session):
    start = time.perf_counter()
    session.run(None, image)
    return time.perf_counter() - start
plain, shares = open("plain"), []
for exit in range(exits):
    own = open(f"exit{exit}")
    for session in (own, plain): run(session), run(session)
    pairs = [(run(own), run(plain)) for _ in range(4 * rounds)]
    shares.append(numpy.percentile([a for a, _ in pairs], 10) / numpy.percentile([b for _, b in pairs], 10))
print(json.dumps(shares))
`;
const python = process.env.OFFRAMP_PYTHON ?? getPython().python;
const args = ['-c', NATIVE, folder, `${exits}`, `${rounds}`, JSON.stringify(dataset.shape)];
const native = python ? spawnSync(python, args, { encoding: 'utf8' }) : null;
const shares = native?.status === 0 ? (JSON.parse(native.stdout) as readonly number[]) : null;
await rm(folder, { recursive: true });
if (!shares) console.log('No Python with onnxruntime was found: native times are left out.');
console.log(
  'exit            FLOPs    wasm  native   (relative to the plain network, lower deciles)',
);
test.exits.forEach(({ name }, j) => {
  const cells = [relativeCost(test, j), inWasm[j]!, shares?.[j]];
  const texts = cells.map((share) => (share === undefined ? '–' : share.toFixed(2)).padStart(8));
  console.log(`${`${j} ${name}`.padEnd(14)}${texts.join('')}`);
});
process.exit(0);
