/**
 * How fast a network is that came as an ONNX file: images/s of ResNet-18 as it comes with the page, and of the same
 * architecture exported by PyTorch with random weights, of their bare forward passes in turn (1 thread). Fifteen rounds of
 * some 70 ms are too few: their ratio went from 0.89 to 1.01 on a quiet machine, of 151 it stays within 2 %.
 * `npm run bench:converted`; needs python3 with torch.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { randomFrom } from '../src/core/random.ts';
import { networkFromFiles } from '../src/network/files.ts';
import { loadNetwork, type Network } from '../src/network/network.ts';
import { openOnnx } from '../src/network/onnx/index.ts';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '151' },
    python: { type: 'string', default: 'python3' },
  },
});
const BATCH = Number(values.batch);
const ROUNDS = Number(values.rounds);

/** ResNet-18 for 32 × 32 pixels, as it is trained for the page. */
const EXPORT = `
import sys, torch
sys.path.insert(0, sys.argv[1])
from resnet import build
torch.manual_seed(1)
model = build("resnet18", 3, 10).eval()
torch.onnx.export(model, torch.zeros(1, 3, 32, 32), sys.argv[2], opset_version=14,
                  input_names=["image"], dynamic_axes={"image": {0: "batch"}})
`;

await tf.setBackend('wasm');
const bundled = new Map<string, Uint8Array>();
const folder = new URL('../public/networks/resnet18-cifar10/', import.meta.url);
for (const name of await readdir(folder)) bundled.set(name, await readFile(new URL(name, folder)));
const files = await networkFromFiles(bundled);

const home = await mkdtemp(join(tmpdir(), 'offramp-converted-'));
const path = join(home, 'resnet18.onnx');
const training = fileURLToPath(new URL('../training', import.meta.url));
execFileSync(values.python, ['-c', EXPORT, training, path], { stdio: 'inherit' });
const bytes = new Uint8Array(await readFile(path));
await rm(home, { recursive: true });
const begun = performance.now();
const converted = openOnnx('resnet18.onnx', bytes);
const seconds = (performance.now() - begun) / 1000;
console.log(`converted ${(bytes.length / 1e6).toFixed(1)} MB in ${seconds.toFixed(2)} s`);

const contestants: readonly (readonly [name: string, network: Network])[] = [
  ['bundled', await loadNetwork(files)],
  ['converted', await loadNetwork({ card: files.card, ...converted })],
];
const [one, other] = contestants.map(([, network]) => network);
console.log(
  `stages: ${one!.stages.length} and ${other!.stages.length}; FLOPs: ${one!.flops} and ${other!.flops}`,
);

const random = randomFrom(1);
const x = tf.tensor4d(
  Float32Array.from({ length: BATCH * 32 * 32 * 3 }, () => 2 * random() - 1),
  [BATCH, 32, 32, 3],
);

async function forward(network: Network): Promise<number> {
  const start = performance.now();
  const outputs = network.forward(x);
  await outputs.at(-1)!.data();
  tf.dispose(outputs);
  return performance.now() - start;
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
for (const [, network] of contestants) await forward(network);
const times = contestants.map((): number[] => []);
for (let round = 0; round < ROUNDS; round++)
  for (const [c, [, network]] of contestants.entries()) times[c]!.push(await forward(network));
const rates = times.map((all) => (1000 * BATCH) / median(all));
contestants.forEach(([name], c) => console.log(`${name}: ${rates[c]!.toFixed(0)} images/s`));
console.log(`converted / bundled: ${(rates[1]! / rates[0]!).toFixed(3)} (0.95 asked)`);
