/** SDN through the engine when things go wrong: lost workers, cancelled runs, bad input, files of other networks. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageAt } from '../../core/dataset.ts';
import { checkTrace, type Trace } from '../../core/trace.ts';
import { createEngine, type Engine } from '../../engine/client/engine.ts';
import type { EngineStatus } from '../../engine/client/types.ts';
import { filesOf, localPort, randomDataset, type Sabotage } from '../../engine/test-port.ts';
import { convModel, testCard } from '../../engine/test-network.ts';

const SIZE = 16;
const K = 3;
const dataset = randomDataset(5, [SIZE, SIZE, 1], K, 700, 90);
const card = testCard(SIZE, dataset.classes);
/** Maps of 16×16, 8×8 and 4×4 before the dense layer: pooled over 4×4, over 2×2, and not at all. */
const smallModel = () =>
  convModel(
    SIZE,
    [
      ['a', 4, 1],
      ['b', 6, 2],
      ['c', 9, 2],
    ],
    K,
  );

let files: Map<string, Uint8Array>;
let engine: Engine;

async function start(sabotage?: Sabotage, workers = 2) {
  const statuses: EngineStatus[] = [];
  const made = await createEngine({
    spawn: () => localPort(sabotage),
    backend: 'wasm',
    workers,
    onStatus: (status) => statuses.push(status),
  });
  await made.loadNetwork({ files });
  return { engine: made, statuses };
}

beforeAll(async () => {
  await tf.setBackend('wasm');
  files = await filesOf(smallModel(), card);
  ({ engine } = await start());
});
afterAll(() => engine.dispose());

function sameTrace(a: Trace, b: Trace): void {
  expect(a.count).toBe(b.count);
  a.confidence.forEach((value, i) => expect(Math.abs(value - b.confidence[i]!)).toBeLessThan(1e-5));
}

describe('SDN, when things go wrong', () => {
  it.each(['feed', 'train', 'learn', 'state', 'batch'])(
    'goes on when a worker dies at a %s, with the same result',
    async (at) => {
      const expected = await engine.run('sdn', dataset, { epochs: 2 });
      let seen = 0;
      const broken = await start(({ type }) =>
        type === at && ++seen === 3 ? 'pulled out' : undefined,
      );
      const got = await broken.engine.run('sdn', dataset, { epochs: 2 });
      expect(seen).toBeGreaterThan(2);
      sameTrace(got.test, expected.test);
      expect(got.report.training.map(({ loss }) => loss.length)).toEqual([2, 2, 2]);
      expect(broken.statuses.some(({ kind }) => kind === 'lost')).toBe(true);
      broken.engine.dispose();
    },
  );

  it('gives up with a sentence when workers keep dying', async () => {
    const { engine: doomed } = await start(({ type }) =>
      type === 'train' ? 'no memory' : undefined,
    );
    await expect(doomed.run('sdn', dataset, { epochs: 1 })).rejects.toThrow(
      'The workers that train a, b, c were lost 3 times. Close other pages to free memory, or choose fewer training images.',
    );
    doomed.dispose();
  });

  it('keeps what is fitted when it is cancelled in the middle of an epoch', async () => {
    const controller = new AbortController();
    const { engine: cut } = await start();
    const many = randomDataset(5, [SIZE, SIZE, 1], K, 6000, 90);
    const run = cut.run(
      'sdn',
      many,
      { epochs: 50 },
      {
        signal: controller.signal,
        onTraining: ({ epoch, done, total }) => {
          if (epoch === 2 && done < total) controller.abort();
        },
        onProgress: ({ step, done }) => {
          if (step === 2 && done > 2 * 6000) controller.abort();
        },
      },
    );
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(cut.fitted).toBe('sdn');
    const trace = await cut.trace(many, 'test');
    checkTrace(trace);
    expect(trace.count).toBe(90);
    const { probability } = await cut.explain(imageAt(many.test, many.shape, 0));
    expect(probability).toHaveLength(trace.exits.length * K);
    // And it can be kept.
    const saved = cut.save();
    await cut.restore('sdn', saved, many);
    sameTrace(await cut.trace(many, 'test'), trace);
    cut.dispose();
  });

  it('has nothing to offer when it is cancelled before any training', async () => {
    const controller = new AbortController();
    const { engine: cut } = await start();
    const run = cut.run(
      'sdn',
      dataset,
      {},
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(cut.fitted).toBeNull();
    await expect(cut.trace(dataset, 'test')).rejects.toThrow('Nothing has been learnt yet');
    cut.dispose();
  });

  it.each([
    [{ epochs: 0 }, /whole number of epochs, 1 or more; 0 came/],
    [{ epochs: 1.5 }, /whole number of epochs, 1 or more; 1.5 came/],
    [{ epochs: NaN }, /whole number of epochs/],
    [{ seed: -1 }, /seed must be a whole number/],
    [{ featureMegabytes: 0 }, /must be more than 0 MB/],
    [{ featureMegabytes: 1e-4 }, /features of one image take \d+ bytes/],
    [{ trainImages: -3 }, /number of training images/],
    [{ holdout: 0.7 }, /held-out share/],
  ])('refuses %j in a sentence', async (options, sentence) => {
    await expect(engine.run('sdn', dataset, options)).rejects.toThrow(sentence);
  });

  it('trains on the first images where the features of all would not fit, and says so', async () => {
    const { train, holdout, report } = await engine.run('sdn', dataset, {
      epochs: 1,
      featureMegabytes: 0.5,
      holdout: 0.1,
    });
    const most = Math.floor((0.5 * 2 ** 20) / (2 * (128 + 192 + 144)));
    expect(train.count).toBe(most);
    expect(holdout!.count).toBe(70);
    expect(holdout!.label).toEqual(dataset.train.labels.subarray(most, most + 70));
    expect(report.warnings).toContain(
      `The classifiers are trained on the first ${most} of 630 training images: the features of all would take more than 0.5 MB.`,
    );
  });

  it('says when the network has too few boundaries, and refuses one that has none', async () => {
    const { report } = await engine.run('sdn', dataset, { epochs: 1 });
    expect(report.warnings).toEqual([
      'small has fewer stage boundaries than SDN has places: 3 internal classifiers instead of 6.',
    ]);
    const single = tfl.sequential({
      layers: [
        tfl.layers.flatten({ inputShape: [SIZE, SIZE, 1] }),
        tfl.layers.dense({ units: K, name: 'fc' }),
      ],
    });
    const { engine: other } = await start();
    await other.loadNetwork({ files: await filesOf(single, { ...card, id: 'line' }) });
    await expect(other.run('sdn', dataset)).rejects.toThrow(
      'The network line has a single stage; SDN needs a boundary between stages for its internal classifiers.',
    );
    other.dispose();
  });

  it('says which class had no training image', async () => {
    const labels = dataset.train.labels.map((label) => (label === 2 ? 1 : label));
    const partial = { ...dataset, train: { ...dataset.train, labels } };
    const { report, test } = await engine.run('sdn', partial, { epochs: 2 });
    checkTrace(test);
    expect(report.warnings.at(-1)).toBe(
      'No training image of class class 2 was used: the internal classifiers learn to avoid it.',
    );
  });

  it('refuses to train on what is not a number', async () => {
    const broken = smallModel();
    const [kernel] = broken.layers[0]!.getWeights();
    broken.layers[0]!.setWeights([tf.mul(kernel!, NaN), broken.layers[0]!.getWeights()[1]!]);
    const { engine: other } = await start();
    await other.loadNetwork({ files: await filesOf(broken, card) });
    await expect(other.run('sdn', dataset, { epochs: 1 })).rejects.toThrow(
      /holds what is not a number/,
    );
    other.dispose();
  });

  it('refuses what was saved for another network, other classes or another method', async () => {
    await engine.run('sdn', dataset, { epochs: 1 });
    const saved = engine.save();
    const { engine: other } = await start();
    await other.loadNetwork({ files: await filesOf(smallModel(), { ...card, id: 'other' }) });
    await expect(other.restore('sdn', saved, dataset)).rejects.toThrow(
      'The method was fitted to the network "small"; "other" is loaded.',
    );
    await expect(engine.restore('e2cm', saved, dataset)).rejects.toThrow(/holds a fitted "sdn"/);
    const renamed = { ...dataset, classes: ['x', 'y', 'z'] };
    await expect(engine.restore('sdn', saved, renamed)).rejects.toThrow(
      /fitted to the classes class 0/,
    );
    const short = { ...saved, bytes: saved.bytes.subarray(0, 100) };
    await expect(engine.restore('sdn', short, dataset)).rejects.toThrow(
      /only 100\. It is truncated/,
    );
    const header = JSON.parse(JSON.stringify(saved.header)) as Record<string, unknown>;
    await expect(
      engine.restore('sdn', { ...saved, header: { ...header, format: 'x' } }, dataset),
    ).rejects.toThrow(/a saved method has "offramp-method\/1"/);
    await engine.restore('sdn', { ...saved, header }, dataset);
    expect(engine.fitted).toBe('sdn');
    other.dispose();
  });
});
