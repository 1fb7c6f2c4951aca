/**
 * `npm run bench:batch`: what an image takes in batches of several sizes, on wasm and one thread: the bare forward pass of
 * ResNet-18, of a narrow ResNet-18 and of ResNet-152 (random weights). Sizes take turns; of each the least of several rounds
 * counts, which others on the machine hardly change, in time that the processor gave.
 *   npm run bench:batch -- 9        so many rounds; 7 by default
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { readdir, readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { randomFrom } from '../src/core/random.ts';
import { product } from '../src/network/cost.ts';
import { networkFromFiles, type NetworkFiles } from '../src/network/files.ts';
import { loadNetwork } from '../src/network/network.ts';
import { preprocess } from '../src/network/preprocess.ts';
import { randomResNet152 } from './resnet.ts';

const SIZES = [8, 16, 32, 64, 128, 256];
const NETWORKS = ['resnet18-w16-mnist', 'resnet18-cifar10', 'resnet152'];
const rounds = Number(process.argv[2] ?? 7);

async function filesOf(id: string): Promise<NetworkFiles> {
  if (id === 'resnet152') return randomResNet152();
  const folder = new URL(`../public/networks/${id}/`, import.meta.url);
  const files = new Map<string, Uint8Array>();
  for (const name of await readdir(folder)) files.set(name, await readFile(new URL(name, folder)));
  return networkFromFiles(files);
}

await tf.setBackend('wasm');
console.log(
  `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), load ${loadavg()[0]!.toFixed(1)}; least of ${rounds} rounds, ms an image, and beside the best size`,
);
for (const id of NETWORKS) {
  const files = await filesOf(id);
  const { input } = files.card;
  const network = await loadNetwork(files);
  const shape = [input.size, input.size, input.channels] as const;
  const random = randomFrom(1);
  const most = Math.max(...SIZES);
  const images = Uint8Array.from({ length: most * product(shape) }, () => random() * 256);
  const one = async (size: number): Promise<void> => {
    const some = images.subarray(0, size * product(shape));
    const x = tf.tensor4d(preprocess(some, size, shape, input), [size, ...shape]);
    const outputs = network.forward(x);
    await outputs.at(-1)!.data();
    tf.dispose([x, ...outputs]);
  };
  const least = new Map(SIZES.map((size) => [size, Infinity]));
  for (let round = 0; round <= rounds; round++)
    for (const size of SIZES) {
      // As many images of each size, so that all are as likely to be disturbed.
      const times = Math.max(1, Math.round(64 / size));
      const begun = process.cpuUsage();
      for (let n = 0; n < times; n++) await one(size);
      const { user, system } = process.cpuUsage(begun);
      const each = (user + system) / 1000 / (times * size);
      if (round > 0 && each < least.get(size)!) least.set(size, each);
    }
  const best = Math.min(...least.values());
  console.log(
    `${id.padEnd(20)} ${[...least].map(([size, ms]) => `${size}: ${ms.toFixed(3)} (${(ms / best).toFixed(2)})`).join('   ')}`,
  );
}
