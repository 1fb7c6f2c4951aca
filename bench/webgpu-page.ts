/** What `webgpu.ts` runs in a page: forward passes on WebGPU, the contestants in turn. */
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as runtime from 'onnxruntime-web/webgpu';
import { worstShare } from '../src/network/definition.ts';
import { fetchNetwork } from '../src/network/files.ts';
import { fold } from '../src/network/fold.ts';
import { graphOf } from '../src/network/graph.ts';
import { layersModel } from '../src/network/model.ts';
import { callsOf } from '../src/network/model-layers.ts';
import { loadNetwork } from '../src/network/network.ts';
import { GraphWriter, onnxFile } from '../src/network/onnx/write/graph.ts';
import { writeOps } from '../src/network/onnx/write/operations.ts';
import { endingOf } from '../src/network/scores.ts';
import { findStages } from '../src/network/stages.ts';
import { randomNumbers } from '../src/network/testing.ts';

export interface Measured {
  readonly adapter: string;
  /** Milliseconds of every round, by contestant; the first is the baseline. */
  readonly rounds: Readonly<Record<string, readonly number[]>>;
  /** Largest difference of the logits from the baseline's, as a share of the largest. */
  readonly off: Readonly<Record<string, number>>;
}

/**
 * @param wasm folder of onnxruntime-web's files.
 * @throws Error where WebGPU, or a contestant, does not start.
 */
export async function measure(
  id: string,
  batch: number,
  rounds: number,
  wasm: string,
): Promise<Measured> {
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs found no WebGPU adapter.');
  await tf.ready();
  const files = await fetchNetwork(`/networks/${id}`);
  const model = await layersModel(files);
  const graph = graphOf(callsOf(model));
  const stock = tfl.model({
    inputs: model.inputs,
    outputs: findStages(graph).map(({ last }) => graph[last]!.layer!.output as tfl.SymbolicTensor),
  });
  const network = await loadNetwork(files);
  const [height, width, channels] = graph[0]!.shape as [number, number, number];
  const writer = new GraphWriter('network');
  const given = new Map([[0, writer.input('n0', 'float', ['N', channels, height, width])]]);
  writeOps(writer, await fold(graph, new Set(), endingOf(graph).softmax), given);
  writer.output(given.get(graph.length - 1)!, 'float', ['N', ...graph.at(-1)!.shape]);
  runtime.env.wasm.wasmPaths = wasm;
  const session = await runtime.InferenceSession.create(onnxFile(writer, 'For a benchmark.'), {
    executionProviders: ['webgpu'],
  });

  const x = randomNumbers(batch * height * width * channels, 1);
  const input = tf.tensor4d(x, [batch, height, width, channels]);
  const first = (await tf.transpose(input, [0, 3, 1, 2]).data()) as Float32Array;
  const feeds = {
    n0: new runtime.Tensor('float32', first, [batch, channels, height, width]),
  };
  const last = async (outputs: readonly tf.Tensor[]): Promise<Float32Array> => {
    const logits = (await outputs.at(-1)!.data()) as Float32Array;
    tf.dispose([...outputs]);
    return logits;
  };
  const contestants: Readonly<Record<string, () => Promise<Float32Array>>> = {
    'tfjs, stock model': () => last(tf.tidy(() => stock.predictOnBatch(input) as tf.Tensor[])),
    'this engine': () => last(network.forward(input)),
    'onnxruntime-web': async () => Object.values(await session.run(feeds))[0]!.getData(),
  };
  const names = Object.keys(contestants);
  const logits = new Map<string, Float32Array>();
  // Programs are compiled in the first pass.
  for (const name of names) logits.set(name, await contestants[name]!());
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const started = performance.now();
      await contestants[name]!();
      times.get(name)!.push(performance.now() - started);
    }
  const baseline = logits.get(names[0]!)!;
  const adapter = await navigator.gpu.requestAdapter();
  const { vendor = '', architecture = '', description = '' } = adapter?.info ?? {};
  return {
    adapter: [vendor, architecture, description].filter(Boolean).join(' ') || 'unnamed adapter',
    rounds: Object.fromEntries(times),
    off: Object.fromEntries(names.map((name) => [name, worstShare(logits.get(name)!, baseline)])),
  };
}
