/** Outputs that are computed once: the same results, and no image through the network a second time. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Trace } from '../../core/trace.ts';
import { convModel, testCard } from '../test-network.ts';
import { filesOf, localPort, randomDataset } from '../test-port.ts';
import { createEngine } from './engine.ts';
import { keepOutputs } from './kept.ts';

const SIZE = 8;
const K = 3;
const dataset = randomDataset(5, [SIZE, SIZE, 1], K, 200, 60);
const layers = [['a', 4, 1] as const, ['b', 6, 2] as const];
let files: Map<string, Uint8Array>;
let others: Map<string, Uint8Array>;

beforeAll(async () => {
  await tf.setBackend('wasm');
  const card = testCard(SIZE, dataset.classes);
  files = await filesOf(convModel(SIZE, layers, K), card);
  others = await filesOf(convModel(SIZE, layers, K, 7), card);
});

/** An engine that counts the images which go through the network. */
async function start(around?: ReturnType<typeof keepOutputs>) {
  let images = 0;
  const engine = await createEngine({
    spawn: () =>
      localPort((message) => {
        if (message.type === 'batch' && 'images' in message.request.batch)
          images += message.request.batch.labels.length;
        return undefined;
      }),
    ...{ backend: 'wasm', workers: 2, ...(around && { around }) },
  });
  await engine.loadNetwork({ files });
  const counted = () => {
    const seen = images;
    images = 0;
    return seen;
  };
  return { engine, counted };
}

function expectAlike(kept: Trace, plain: Trace): void {
  expect(kept.prediction).toEqual(plain.prediction);
  kept.confidence.forEach((one, i) => expect(one).toBeCloseTo(plain.confidence[i]!, 4));
}

describe('kept outputs', () => {
  it.each(['sdn', 'bwds', 'e2cm-sdn'] as const)(
    'give %s the traces of a run without',
    async (id) => {
      const plain = await start();
      const kept = await start(keepOutputs());
      const options = { epochs: 2 };
      const a = await kept.engine.run(id, dataset, options);
      const b = await plain.engine.run(id, dataset, options);
      expectAlike(a.train, b.train);
      expectAlike(a.test, b.test);
      kept.engine.dispose();
      plain.engine.dispose();
    },
  );

  it('take every image through the network once, whatever is fitted', async () => {
    const { engine, counted } = await start(keepOutputs());
    const all = dataset.train.count + dataset.test.count;
    await engine.run('sdn', dataset, { epochs: 1 });
    expect(counted()).toBe(all);
    await engine.run('sdn', dataset, { epochs: 1, seed: 2 });
    await engine.run('e2cm-sdn', dataset, { epochs: 1 });
    expect(counted()).toBe(0);
    // The first images of a split are known with the split; those held out are a split of their own.
    const part = await engine.run('sdn', dataset, { epochs: 1, trainImages: 100 });
    expect(part.train.count).toBe(100);
    expect(counted()).toBe(0);
    engine.dispose();
  });

  it('are those of one network: another one computes its own', async () => {
    const { engine, counted } = await start(keepOutputs());
    const { test } = await engine.run('sdn', dataset, { epochs: 1 });
    counted();
    await engine.loadNetwork({ files: others });
    const other = await engine.run('sdn', dataset, { epochs: 1 });
    expect(counted()).toBe(dataset.train.count + dataset.test.count);
    expect(other.test.confidence).not.toEqual(test.confidence);
    engine.dispose();
  });

  it('are none when the pass that computes them was stopped', async () => {
    const { engine, counted } = await start(keepOutputs());
    const stop = new AbortController();
    const run = engine.run(
      'sdn',
      dataset,
      { epochs: 1 },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    await expect(run).rejects.toThrow(/abort/i);
    counted();
    await engine.run('sdn', dataset, { epochs: 1 });
    expect(counted()).toBe(dataset.train.count + dataset.test.count);
    engine.dispose();
  });
});
