/** The same images from other files give the same trace, bit for bit: from the bytes of a file to what an exit says. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import type { Trace } from '../../core/trace.ts';
import { loadDataset } from '../../data/load.ts';
import { alike } from '../../data/pictures/testing-alike.ts';
import type { ByteSource } from '../../data/formats/bytes.ts';
import { filesOf, localPort } from '../test-port.ts';
import { createEngine } from './engine.ts';

await tf.setBackend('wasm');

it('CIFAR-10 as binary files, an npz, folders, archives and parquet gives one trace', async () => {
  const { names, binary, others } = await alike();
  const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });
  const conv = { filters: 8, kernelSize: 3, strides: 2, activation: 'relu' } as const;
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        ...{ ...conv, inputShape: [32, 32, 3], name: 'a', kernelInitializer: seeded(1) },
      }),
      tfl.layers.conv2d({ ...conv, name: 'b', kernelInitializer: seeded(2) }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: 10, name: 'fc', kernelInitializer: seeded(3) }),
    ],
  });
  const files = await filesOf(model, {
    ...{ id: 'small', title: 'Small', classes: names },
    input: { size: 32, channels: 3, mean: [0.49, 0.48, 0.45], std: [0.25, 0.24, 0.26] },
  });
  const engine = await createEngine({ spawn: () => localPort(), backend: 'wasm', workers: 2 });
  await engine.loadNetwork({ files });
  const tracesOf = async (given: readonly ByteSource[]): Promise<readonly Trace[]> => {
    const target = { size: 32, most: 32, channels: 3 } as const;
    const reading = { share: 0.2, seed: 1, fit: 'crop', target } as const;
    const dataset = await loadDataset({ files: given, reading });
    // An npz says no names of classes, so that class means label at the last exit as well.
    const { train, test } = await engine.run('e2cm', dataset, { lastExit: 'nearest-mean' });
    return [train, test];
  };
  const bits = ({ confidence, prediction, label, exits }: Trace) => ({
    ...{ prediction, label, exits },
    confidence: new Uint8Array(confidence.slice().buffer),
  });
  const expected = (await tracesOf(binary)).map(bits);
  expect(expected[1]!.prediction).toHaveLength(2 * 3);
  for (const [what, given] of Object.entries(others))
    expect((await tracesOf(given)).map(bits), what).toEqual(expected);
  engine.dispose();
});
