/** SDN through the engine: against loops over plain arrays, and when things go wrong. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstImages, imageAt } from '../../core/dataset.ts';
import { denseFlops } from '../../core/flops.ts';
import { checkTrace, type Trace } from '../../core/trace.ts';
import { createEngine, type Engine } from '../../engine/client/engine.ts';
import { Pool } from '../../engine/client/pool.ts';
import type { EngineStatus } from '../../engine/client/types.ts';
import { filesOf, localPort, randomDataset, type Sabotage } from '../../engine/test-port.ts';
import { networkFromFiles } from '../../network/files.ts';
import { loadNetwork, type Network } from '../../network/network.ts';
import { preprocess } from '../../network/preprocess.ts';
import type { Training } from '../contract.ts';
import { sdn } from './method.ts';
import { placeClassifiers } from './plan.ts';

const SIZE = 16;
const K = 3;
const dataset = randomDataset(5, [SIZE, SIZE, 1], K, 700, 90);
const card = {
  id: 'small',
  title: 'Small',
  classes: dataset.classes,
  input: { size: SIZE, channels: 1, mean: [0.5], std: [0.5] },
};

/** Maps of 16×16, 8×8 and 4×4 before the dense layer: pooled over 4×4, over 2×2, and not at all. */
function smallModel(seed = 1): tfl.LayersModel {
  const conv = (name: string, filters: number, strides: number, first = {}) =>
    tfl.layers.conv2d({
      ...first,
      name,
      filters,
      strides,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: tfl.initializers.glorotUniform({ seed: seed + filters }),
    });
  return tfl.sequential({
    layers: [
      conv('a', 4, 1, { inputShape: [SIZE, SIZE, 1] }),
      conv('b', 6, 2),
      conv('c', 9, 2),
      tfl.layers.flatten(),
      tfl.layers.dense({
        units: K,
        name: 'fc',
        kernelInitializer: tfl.initializers.glorotUniform({ seed }),
      }),
    ],
  });
}

let files: Map<string, Uint8Array>;
let network: Network;
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
  network = await loadNetwork(await networkFromFiles(files));
  ({ engine } = await start());
});
afterAll(() => engine.dispose());

/** Max- and average-pooled over k×k, NHWC. */
function pool(x: Float32Array, side: number, channels: number, k: number) {
  const out = Math.floor(side / k);
  const max = new Float64Array(out * out * channels).fill(-Infinity);
  const avg = new Float64Array(out * out * channels);
  for (let row = 0; row < out * k; row++)
    for (let column = 0; column < out * k; column++)
      for (let c = 0; c < channels; c++) {
        const at = (Math.floor(row / k) * out + Math.floor(column / k)) * channels + c;
        const value = x[(row * side + column) * channels + c]!;
        max[at] = Math.max(max[at]!, value);
        avg[at]! += value / (k * k);
      }
  return { max, avg };
}

function softmax(values: number[]): number[] {
  const terms = values.map((value) => Math.exp(value - Math.max(...values)));
  const sum = terms.reduce((total, term) => total + term, 0);
  return terms.map((term) => term / sum);
}

function sameTrace(a: Trace, b: Trace): void {
  expect(a.count).toBe(b.count);
  a.confidence.forEach((value, i) => expect(Math.abs(value - b.confidence[i]!)).toBeLessThan(1e-5));
}

describe('SDN', () => {
  it('traces what its classifiers say of pooled maps, computed by plain loops', async () => {
    const { fitted, test } = await engine.run('sdn', dataset, { epochs: 2 });
    checkTrace(test);
    expect(fitted.sites.map(({ name, pool }) => [name, ...pool])).toEqual([
      ['a', 4, 4],
      ['b', 2, 2],
      ['c', 1, 1],
    ]);
    const { images, labels } = firstImages(dataset.test, dataset.shape, 20);
    const pixels = preprocess(images, 20, dataset.shape, card.input);
    const outputs = network.forward(tf.tensor4d(pixels, [20, SIZE, SIZE, 1]));
    const values = outputs.map((output) => output.dataSync() as Float32Array);
    for (let i = 0; i < labels.length; i++) {
      const probabilities = fitted.sites.map(
        ({ map: [side, , channels], output, pool: [k] }, s) => {
          const size = side * side * channels;
          const { max, avg } = pool(
            values[output]!.subarray(i * size, (i + 1) * size),
            side,
            channels,
            k,
          );
          const { weights, bias, alpha } = fitted.classifiers[s]!;
          const x = max.map((value, d) => alpha * value + (1 - alpha) * avg[d]!);
          return softmax(
            Array.from(bias, (b, c) => x.reduce((sum, v, d) => sum + v * weights[d * K + c]!, b)),
          );
        },
      );
      probabilities.push(softmax([...values.at(-1)!.subarray(i * K, (i + 1) * K)]));
      const explanation = await engine.explain(imageAt(dataset.test, dataset.shape, i));
      probabilities.forEach((p, j) => {
        const best = Math.max(...p);
        const at = j * test.count + i;
        expect(test.confidence[at]).toBeCloseTo(best, 5);
        expect(p[test.prediction[at]!]).toBeCloseTo(best, 5);
        expect(explanation.prediction[j]).toBe(test.prediction[at]);
        p.forEach((value, c) => expect(explanation.probability[j * K + c]).toBeCloseTo(value, 5));
      });
    }
  });

  it('counts its linear layers at every exit that is visited', async () => {
    const { train } = await engine.run('sdn', dataset, { epochs: 1 });
    const stage = network.stages.map(({ flops }) => flops);
    const ics = [4 * 4 * 4, 4 * 4 * 6, 4 * 4 * 9].map((inputs) => denseFlops(inputs, K));
    let flops = 0;
    const expected = ics.map((ic, j) => (flops += stage[j]! + ic));
    expect(train.exits.map((exit) => exit.flops)).toEqual([...expected, flops + stage[3]!]);
    expect(train.exits.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'classifier']);
    expect(train.networkFlops).toBe(network.flops);
  });

  it('learns: its loss falls, and it beats guessing on the images that it was trained on', async () => {
    const seen: Training[] = [];
    const { train, report } = await engine.run(
      'sdn',
      dataset,
      { epochs: 60 },
      { onTraining: (training) => seen.push(training) },
    );
    expect(report.training.map(({ exit }) => exit)).toEqual(['a', 'b', 'c']);
    for (const { loss, accuracy } of report.training) {
      expect(loss).toHaveLength(60);
      expect(loss[59]).toBeLessThan(loss[0]!);
      expect(accuracy[59]).toBeGreaterThan(accuracy[0]!);
      expect(accuracy[59]).toBeGreaterThan(1 / K);
    }
    const ends = seen.filter(({ exit, done, total }) => exit === 'b' && done === total);
    expect(ends.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 60 }, (_, e) => e + 1));
    expect(train.provenance.options).toMatchObject({ epochs: 60, seed: 1 });
    expect(report.phases.map(({ phase }) => phase)).toEqual([
      'features',
      'training',
      'training images',
      'test images',
    ]);
  });

  it('gives the same result on one worker and on three, and another one from another seed', async () => {
    const [one, three] = await Promise.all([start(undefined, 1), start(undefined, 3)]);
    const a = await one.engine.run('sdn', dataset, { epochs: 2 });
    const b = await three.engine.run('sdn', dataset, { epochs: 2 });
    sameTrace(a.test, b.test);
    const c = await one.engine.run('sdn', dataset, { epochs: 2, seed: 2 });
    expect(c.test.confidence).not.toEqual(a.test.confidence);
    one.engine.dispose();
    three.engine.dispose();
  });

  it('leaves the network as it was: the output of every stage is bit-identical after training', async () => {
    const pooled = await Pool.start({
      backend: 'wasm',
      workers: 1,
      spawn: () => localPort(),
      onStatus: () => undefined,
    });
    const summary = await pooled.load(await networkFromFiles(files));
    // Class sums of one image a class are the stages' outputs themselves.
    const split = {
      ...firstImages(dataset.test, dataset.shape, K),
      labels: Uint8Array.of(0, 1, 2),
    };
    const outputs = async () => {
      let sums: Float32Array | undefined;
      await pooled.run(
        {
          kernel: 'e2cm/sums',
          classes: K,
          parameters: {},
          split,
          onFlush: (arrays) => void (sums = arrays.sums as Float32Array),
        },
        dataset.shape,
      );
      return sums!;
    };
    const before = await outputs();
    await sdn.run(
      dataset,
      { ...sdn.defaults, epochs: 3 },
      {
        runner: {
          network: summary,
          backend: 'test',
          run: (pass) => pooled.run(pass, dataset.shape),
          places: () => pooled.places,
          teach: (place, lesson) => pooled.teach(place, lesson),
        },
        commit: 'test',
      },
    );
    const after = await outputs();
    expect(before.length).toBe(K * (16 * 16 * 4 + 8 * 8 * 6 + 4 * 4 * 9 + K));
    expect(new Uint32Array(after.buffer)).toEqual(new Uint32Array(before.buffer));
    pooled.dispose();
  });

  it('leaves no tensors behind', async () => {
    await engine.run('sdn', dataset, { epochs: 1 });
    await engine.explain(imageAt(dataset.test, dataset.shape, 0));
    const before = await engine.tensorCounts();
    await engine.run('sdn', dataset, { epochs: 1 });
    await engine.explain(imageAt(dataset.test, dataset.shape, 0));
    expect(await engine.tensorCounts()).toEqual(before);
  });

  it('may give who is not let go to the most confident of all outputs', async () => {
    const usual = await engine.run('sdn', dataset, { epochs: 2 });
    const { test } = await engine.run('sdn', dataset, { epochs: 2, unconfident: 'most-confident' });
    const last = test.exits.length - 1;
    for (let i = 0; i < test.count; i++) {
      const at = (j: number) => usual.test.confidence[j * test.count + i]!;
      const best = Math.max(...test.exits.map((_, j) => at(j)));
      const surest = test.exits.findIndex((_, j) => at(j) === best);
      expect(test.confidence[last * test.count + i]).toBe(best);
      expect(test.prediction[last * test.count + i]).toBe(
        usual.test.prediction[surest * test.count + i],
      );
    }
  });
});

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
    cut.restore('sdn', saved, many);
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
    expect(() => other.restore('sdn', saved, dataset)).toThrow(
      'The method was fitted to the network "small"; "other" is loaded.',
    );
    expect(() => engine.restore('e2cm', saved, dataset)).toThrow(/holds a fitted "sdn"/);
    const renamed = { ...dataset, classes: ['x', 'y', 'z'] };
    expect(() => engine.restore('sdn', saved, renamed)).toThrow(/fitted to the classes class 0/);
    const short = { ...saved, bytes: saved.bytes.subarray(0, 100) };
    expect(() => engine.restore('sdn', short, dataset)).toThrow(/only 100\. It is truncated/);
    const header = JSON.parse(JSON.stringify(saved.header)) as Record<string, unknown>;
    expect(() =>
      engine.restore('sdn', { ...saved, header: { ...header, format: 'x' } }, dataset),
    ).toThrow(/a saved method has "offramp-method\/1"/);
    engine.restore('sdn', { ...saved, header }, dataset);
    expect(engine.fitted).toBe('sdn');
    other.dispose();
  });
});

describe('places of internal classifiers', () => {
  const place = (flops: number[]) =>
    placeClassifiers(
      {
        id: 'n',
        classes: [],
        stages: flops.map((of, s) => ({ name: `s${s}`, flops: of, shape: [8, 8, 2] })),
        exits: flops.map((_, s) => s),
        flops: flops.reduce((sum, of) => sum + of, 0),
        parameters: 0,
        weightBytes: 0,
      },
      'SDN',
    );

  it('are the first boundaries at or past each share', () => {
    const { sites, note } = place([10, 5, 15, 14, 1, 20, 10, 10, 10, 5]);
    expect(sites.map(({ stage }) => stage)).toEqual([1, 2, 4, 5, 6, 8]);
    expect(note).toBeNull();
  });

  it('are the last boundary before the classifier where that does most of the work', () => {
    expect(place([1, 2, 97]).sites.map(({ stage }) => stage)).toEqual([1]);
  });
});
