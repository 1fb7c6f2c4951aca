/** DEC through the engine, on its real layers with tiny images: it learns, stops, goes on, saves, explains and says what is wrong. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { isLabelled } from '../../core/clustering/unlabelled.ts';
import { firstImages, imageAt, type Dataset } from '../../core/dataset.ts';
import { denseFlops, distanceFlops } from '../../core/flops.ts';
import { checkTrace, type Trace } from '../../core/trace.ts';
import { createEngine } from '../../engine/client/engine.ts';
import type { ClusteringView, Engine } from '../../engine/client/types.ts';
import { localPort, randomDataset, type Sabotage } from '../../engine/test-port.ts';
import { freshDec } from '../../network/dec.ts';

const K = 3;
const random = randomDataset(7, [4, 4, 1], K, 60, 20);
/** Classes that stand apart, so that a few steps suffice. */
const apart = (of: Dataset['train']): Dataset['train'] => ({
  ...of,
  images: of.images.map((_, at) => {
    const label = of.labels[Math.floor(at / 16)]!;
    return (at % 16) % K === label ? 200 + ((at * 7) % 50) : (at * 13) % 40;
  }),
});
const dataset: Dataset = { ...random, train: apart(random.train), test: apart(random.test) };
/** Layers are as wide as they are, so steps are few. */
const options = {
  ...{ epochs: 3, refineSteps: 4, interval: 2 },
  ...{ batch: 40, refineBatch: 30, seed: 2 },
};

async function start(sabotage?: Sabotage, of: Dataset = dataset): Promise<Engine> {
  const engine = await createEngine({
    spawn: () => localPort(sabotage),
    backend: 'wasm',
    workers: 1,
  });
  await engine.loadNetwork({ built: freshDec(of.shape, of.id, of.classes, 2) });
  return engine;
}

const numbersOf = ({ prediction, confidence }: Trace) => [[...prediction], [...confidence]];

beforeAll(async () => {
  await tf.setBackend('wasm');
});

describe('DEC', () => {
  it('clusters all images, aligns its exits and traces both splits', async () => {
    const engine = await start();
    const views: ClusteringView[] = [];
    const run = await engine.run('dec', dataset, options, {
      onClustering: (view) => views.push(view),
    });
    for (const trace of [run.train, run.test]) checkTrace(trace);
    expect([run.train.count, run.test.count]).toEqual([60, 20]);
    expect(run.report.scores!.at(-1)!.accuracy).toBeGreaterThan(0.9);
    const { exits, networkFlops } = run.test;
    expect(exits.map(({ name }) => name)).toEqual(['DEC-small', 'DEC-middle', 'DEC-large']);
    const distances = distanceFlops(K, 10);
    const first = denseFlops(16, 500) + denseFlops(500, 10) + distances;
    const second = first + denseFlops(500, 500) + denseFlops(500, 10) + distances;
    const last = second + denseFlops(500, 2000) + denseFlops(2000, 10) + distances;
    expect(exits.map(({ flops }) => flops)).toEqual([first, second, last]);
    expect(networkFlops).toBe(
      denseFlops(16, 500) + denseFlops(500, 500) + denseFlops(500, 2000) + denseFlops(2000, 10),
    );
    expect(new Set(views.map(({ exit, stage }) => `${exit} ${stage}`)).size).toBe(9);
    const ends = views.filter(({ step, steps }) => step === steps);
    expect(ends.filter(({ scores }) => scores !== null).length).toBeGreaterThanOrEqual(3);
    expect(views.find(({ strip }) => strip)!.strip!.reconstruction).toHaveLength(10 * 16);
    expect(run.test.provenance.options).toMatchObject({ clustered: 80, clusters: K, seed: 2 });
    engine.dispose();
  });

  it('goes on from where it was stopped as if it had never been, in every stage', async () => {
    const whole = await start();
    const expected = await whole.run('dec', dataset, options);
    whole.dispose();
    const engine = await start();
    let checkpoint: unknown = null;
    // A little later each time, so that stops fall into all stages.
    for (let stops = 0; ; stops++) {
      const controller = new AbortController();
      let seen = 0;
      try {
        const run = await engine.run('dec', dataset, options, {
          signal: controller.signal,
          onProgress: () => {
            if (++seen === 8 + stops) controller.abort();
          },
          checkpoint,
          onCheckpoint: (given) => (checkpoint = given),
        });
        expect(stops).toBeGreaterThan(3);
        expect(numbersOf(run.test)).toEqual(numbersOf(expected.test));
        break;
      } catch (error) {
        expect((error as Error).name).toBe('AbortError');
        if (stops > 40) throw error;
      }
    }
    engine.dispose();
  });

  it('leaves a checkpoint of other settings alone', async () => {
    const engine = await start();
    const controller = new AbortController();
    let checkpoint: unknown = null;
    const stopped = engine.run('dec', dataset, options, {
      signal: controller.signal,
      onClustering: () => controller.abort(),
      onCheckpoint: (given) => (checkpoint = given),
    });
    await expect(stopped).rejects.toThrow();
    const other = { ...options, seed: 5 };
    const fresh = await engine.run('dec', dataset, other);
    const given = await engine.run('dec', dataset, other, { checkpoint });
    expect(numbersOf(given.test)).toEqual(numbersOf(fresh.test));
    engine.dispose();
  });

  it('frees all tensors, traces again from what it learnt, saves and explains', async () => {
    const engine = await start();
    const before = await engine.tensorCounts();
    const run = await engine.run('dec', dataset, options);
    expect(await engine.tensorCounts()).toEqual(before);
    const again = await engine.trace(dataset, 'test');
    expect(numbersOf(again)).toEqual(numbersOf(run.test));
    const saved = engine.save();
    await engine.restore('dec', saved, dataset);
    expect(numbersOf(await engine.trace(dataset, 'test'))).toEqual(numbersOf(run.test));
    const story = await engine.explain(imageAt(dataset.test, dataset.shape, 4));
    expect(story.distance).toHaveLength(3 * K);
    expect([...story.prediction]).toEqual([0, 1, 2].map((j) => run.test.prediction[j * 20 + 4]));
    [...story.confidence].forEach((confidence, j) =>
      expect(confidence).toBeCloseTo(run.test.confidence[j * 20 + 4]!, 5),
    );
    engine.dispose();
  });

  it('counts agreement with the last exit where no classes are known', async () => {
    const blind = { ...dataset, labelled: false };
    const engine = await start();
    const { test, report } = await engine.run('dec', blind, options);
    expect(isLabelled(test)).toBe(false);
    expect([...test.label]).toEqual([...test.prediction.subarray(40)]);
    expect(report.scores).toBeNull();
    expect(test.provenance.options.accuracyOfAll).toBeUndefined();
    engine.dispose();
  });

  it.each([
    [5, 'There are 5 clusters and 3 classes: 2 clusters stand for no class'],
    [2, 'There are 2 clusters and 3 classes: no cluster stands for'],
  ])('says what %i clusters of three classes mean', async (clusters, sentence) => {
    const engine = await start();
    const { test, report } = await engine.run('dec', dataset, { ...options, clusters });
    checkTrace(test);
    expect(test.classes).toHaveLength(Math.max(clusters, K));
    expect(report.warnings.join(' ')).toContain(sentence);
    engine.dispose();
  });

  it('takes constant images: all fall into one cluster, and it says that the others are empty', async () => {
    const constant: Dataset = {
      ...dataset,
      train: { ...dataset.train, images: dataset.train.images.map(() => 0) },
      test: { ...dataset.test, images: dataset.test.images.map(() => 0) },
    };
    const engine = await start();
    const { test, report } = await engine.run('dec', constant, options);
    expect(new Set(test.prediction.subarray(40)).size).toBe(1);
    expect(test.confidence.every(Number.isFinite)).toBe(true);
    expect(report.warnings.join(' ')).toContain('no image is left in the clusters');
    engine.dispose();
  });

  it('says when there are fewer images than clusters, and what else is asked wrongly', async () => {
    const few: Dataset = {
      ...dataset,
      train: firstImages(dataset.train, dataset.shape, 3),
      test: firstImages(dataset.test, dataset.shape, 2),
    };
    const engine = await start();
    await expect(engine.run('dec', few, { ...options, clusters: 7 })).rejects.toThrow(
      'There are 5 images, fewer than the 7 clusters asked for; take more images or fewer clusters.',
    );
    await expect(engine.run('dec', dataset, { ...options, epochs: 0 })).rejects.toThrow(
      'DEC takes a number of epochs from 1 to 1000; 0 came.',
    );
    engine.dispose();
  });

  it('says when a loss is not a number, and keeps the stages before', async () => {
    const engine = await start((message) => {
      if (message.type !== 'feed') return undefined;
      // Features of a frozen layer are the rows that are floats, wider than an embedding.
      const { rows } = message.request.arrays;
      if (rows!.length > 80 * 10 && rows instanceof Float32Array) rows.fill(NaN);
      return undefined;
    });
    let checkpoint: { readonly done: object } | undefined;
    const run = engine.run('dec', dataset, options, {
      onCheckpoint: (given) => (checkpoint = given as typeof checkpoint),
    });
    await expect(run).rejects.toThrow(
      /The loss is not a number in the pretraining of DEC-middle, before step 1/,
    );
    expect(Object.keys(checkpoint!.done)).toEqual([
      'large pretraining',
      'large centres',
      'large refinement',
    ]);
    engine.dispose();
  });

  it('begins a stage anew after its worker was lost', async () => {
    let deaths = 0;
    const engine = await start((request) =>
      request.type === 'train' && deaths++ === 3 ? 'killed by the test' : undefined,
    );
    let checkpoint: unknown = null;
    await expect(
      engine.run('dec', dataset, options, { onCheckpoint: (given) => (checkpoint = given) }),
    ).rejects.toThrow(/The worker was lost in the pretraining of DEC-large/);
    const run = await engine.run('dec', dataset, options, { checkpoint });
    checkTrace(run.test);
    engine.dispose();
  });
});
