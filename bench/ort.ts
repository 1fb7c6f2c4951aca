/**
 * The folded forward pass beside onnxruntime-web's wasm on the same network, both on one thread and in turn:
 * `npm run bench:ort [-- --network ID --batch 64 --rounds 9]`.
 */
import { readdir, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as runtime from 'onnxruntime-web';
import { networkFromFiles } from '../src/network/files.ts';
import { fold } from '../src/network/fold.ts';
import { endingOf } from '../src/network/scores.ts';
import { graphOf } from '../src/network/graph.ts';
import { callsOf } from '../src/network/model-layers.ts';
import { layersModel } from '../src/network/model.ts';
import { loadNetwork } from '../src/network/network.ts';
import { randomNumbers } from '../src/network/testing.ts';
import { worstShare } from '../src/network/definition.ts';
import { GraphWriter, onnxFile } from '../src/network/onnx/write/graph.ts';
import { writeOps } from '../src/network/onnx/write/operations.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'resnet18-cifar10' },
    batch: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '9' },
  },
});
const BATCH = Number(values.batch);

runtime.env.wasm.numThreads = 1;

await tf.setBackend('wasm');
const folder = new URL(`../../public/networks/${values.network}/`, import.meta.url);
const map = new Map<string, Uint8Array>();
for (const name of await readdir(folder)) map.set(name, await readFile(new URL(name, folder)));
const files = await networkFromFiles(map);
const network = await loadNetwork(files);
const graph = graphOf(callsOf(await layersModel(files)));
const shape = graph[0]!.shape as [number, number, number];
const writer = new GraphWriter('network');
const given = new Map([[0, writer.input('n0', 'float', ['N', shape[2], shape[0], shape[1]])]]);
writeOps(writer, await fold(graph, new Set(), endingOf(graph).softmax), given);
writer.output(given.get(graph.length - 1)!, 'float', ['N', ...graph.at(-1)!.shape]);
const model = onnxFile(writer, 'For a benchmark.');
const session = await runtime.InferenceSession.create(model);

const x = randomNumbers(BATCH * shape[0] * shape[1] * shape[2], 1);
const input = tf.tensor4d(x, [BATCH, ...shape]);
const first = tf.transpose(input, [0, 3, 1, 2]).dataSync<'float32'>();
const feeds = { n0: new runtime.Tensor('float32', first, [BATCH, shape[2], shape[0], shape[1]]) };

const contestants = {
  ours: async () => {
    const outputs = network.forward(input);
    const logits = await outputs.at(-1)!.data<'float32'>();
    tf.dispose(outputs);
    return logits;
  },
  'onnxruntime-web': async () => Object.values(await session.run(feeds))[0]!.data as Float32Array,
};
const [ours, theirs] = [await contestants.ours(), await contestants['onnxruntime-web']()];
console.log(
  `largest difference of the logits: ${worstShare(ours, theirs).toExponential(1)} of the largest`,
);
const names = Object.keys(contestants) as (keyof typeof contestants)[];
const times = names.map(() => [] as number[]);
for (let round = 0; round < Number(values.rounds); round++)
  for (const [i, name] of names.entries()) {
    const start = performance.now();
    await contestants[name]();
    times[i]!.push(performance.now() - start);
  }
const rates = times.map((of) => (1000 * BATCH) / of.sort((a, b) => a - b)[of.length >> 1]!);
names.forEach((name, i) =>
  console.log(`${name.padEnd(16)} ${rates[i]!.toFixed(0).padStart(6)} images/s`),
);
console.log(`${(rates[0]! / rates[1]!).toFixed(1)} × onnxruntime-web`);
