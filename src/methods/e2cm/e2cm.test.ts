/** E2CM through the engine against an independent implementation: loops over plain float64 arrays. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstImages, imageAt, type Dataset } from '../../core/dataset.ts';
import { distanceFlops } from '../../core/flops.ts';
import { randomFrom } from '../../core/random.ts';
import { checkTrace, type Trace } from '../../core/trace.ts';
import { createEngine, type Engine } from '../../engine/client/engine.ts';
import { Pool } from '../../engine/client/pool.ts';
import { filesOf, localPort, randomDataset } from '../../engine/test-port.ts';

import { networkFromFiles } from '../../network/files.ts';
import { e2cmKeeping } from './method.ts';
import { E2CM_DEFAULTS } from './options.ts';

const K = 4;
const SIZE = 10;
const INPUT = { size: SIZE, channels: 2, mean: [0.4, 0.6], std: [0.3, 0.2] };

type Symbolic = tfl.SymbolicTensor;
const apply = (layer: tfl.layers.Layer, x: Symbolic | Symbolic[]) => layer.apply(x) as Symbolic;

function smallNetwork(): tfl.LayersModel {
  const image = tfl.input({ shape: [SIZE, SIZE, 2] });
  const conv = (name: string, filters: number, x: Symbolic) => {
    const y = tfl.layers.conv2d({ name, filters, kernelSize: 3, padding: 'same', useBias: false });
    return apply(tfl.layers.batchNormalization({ name: `${name}.bn` }), apply(y, x));
  };
  const relu = (x: Symbolic) => apply(tfl.layers.activation({ activation: 'relu' }), x);
  let x = relu(conv('stem', 110, image));
  x = apply(tfl.layers.maxPooling2d({ poolSize: 2 }), x);
  x = relu(
    apply(tfl.layers.add({ name: 'block.add' }), [
      conv('block.b', 110, relu(conv('block.a', 5, x))),
      x,
    ]),
  );
  x = apply(tfl.layers.globalAveragePooling2d({}), x);
  x = apply(tfl.layers.dense({ name: 'fc', units: K }), x);
  const model = tfl.model({ inputs: image, outputs: x });
  const random = randomFrom(21);
  for (const weight of model.weights) {
    const isVariance = weight.originalName.endsWith('variance');
    const size = weight.shape.reduce<number>((product, n) => product * n!, 1);
    const values = Float32Array.from({ length: size }, () =>
      isVariance ? 0.3 + random() : random() - 0.5,
    );
    weight.write(tf.tensor(values, weight.shape as number[]));
  }
  return model;
}

// ——— the independent implementation: channel-last maps of float64 ———

interface FeatureMap {
  side: number;
  channels: number;
  at: Float64Array;
}

class Plain {
  private readonly weights = new Map<string, Float32Array>();

  constructor(model: tfl.LayersModel) {
    for (const weight of model.weights)
      this.weights.set(weight.originalName, weight.read().dataSync() as Float32Array);
  }

  conv(name: string, x: FeatureMap): FeatureMap {
    const kernel = this.weights.get(`${name}/kernel`)!;
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
      (role) => this.weights.get(`${name}.bn/${role}`)!,
    );
    const out = gamma!.length;
    const y = new Float64Array(x.side * x.side * out);
    for (let row = 0; row < x.side; row++)
      for (let column = 0; column < x.side; column++)
        for (let o = 0; o < out; o++) {
          let sum = 0;
          for (let dy = 0; dy < 3; dy++)
            for (let dx = 0; dx < 3; dx++) {
              const [r, c] = [row + dy - 1, column + dx - 1];
              if (r < 0 || c < 0 || r >= x.side || c >= x.side) continue;
              for (let i = 0; i < x.channels; i++)
                sum +=
                  x.at[(r * x.side + c) * x.channels + i]! *
                  kernel[((dy * 3 + dx) * x.channels + i) * out + o]!;
            }
          const normal = (sum - mean![o]!) / Math.sqrt(variance![o]! + 1e-3);
          y[(row * x.side + column) * out + o] = gamma![o]! * normal + beta![o]!;
        }
    return { side: x.side, channels: out, at: y };
  }

  relu(x: FeatureMap): FeatureMap {
    return { ...x, at: x.at.map((value) => Math.max(0, value)) };
  }

  pool({ side, channels, at }: FeatureMap): FeatureMap {
    const half = side / 2;
    const y = new Float64Array(half * half * channels);
    for (let row = 0; row < half; row++)
      for (let column = 0; column < half; column++)
        for (let c = 0; c < channels; c++) {
          const value = (r: number, q: number) => at[(r * side + q) * channels + c]!;
          const [r, q] = [2 * row, 2 * column];
          y[(row * half + column) * channels + c] = Math.max(
            value(r, q),
            value(r, q + 1),
            value(r + 1, q),
            value(r + 1, q + 1),
          );
        }
    return { side: half, channels, at: y };
  }

  /** Outputs at the three exits. */
  exits(pixels: Uint8Array): Float64Array[] {
    const at = Float64Array.from(
      pixels,
      (pixel, i) => (pixel / 255 - INPUT.mean[i % 2]!) / INPUT.std[i % 2]!,
    );
    const stem = this.relu(this.conv('stem', { side: SIZE, channels: 2, at }));
    const pooled = this.pool(stem);
    const inner = this.conv('block.b', this.relu(this.conv('block.a', pooled)));
    const block = this.relu({ ...inner, at: inner.at.map((value, i) => value + pooled.at[i]!) });
    const features = new Float64Array(block.channels);
    block.at.forEach((v, i) => (features[i % block.channels]! += v / (block.side * block.side)));
    const [kernel, bias] = [this.weights.get('fc/kernel')!, this.weights.get('fc/bias')!];
    const logits = Float64Array.from(bias, (b, k) =>
      features.reduce((sum, f, i) => sum + f * kernel[i * K + k]!, b),
    );
    return [stem.at, block.at, logits];
  }
}

interface Expected {
  /** [split image][exit][class] */
  distance: Record<'train' | 'test', number[][][]>;
  normaliser: number[][];
  logits: Record<'train' | 'test', number[][]>;
}

function expectE2cm(plain: Plain, dataset: Dataset): Expected {
  const outputs = (split: 'train' | 'test') =>
    Array.from({ length: dataset[split].count }, (_, i) =>
      plain.exits(imageAt(dataset[split], dataset.shape, i)),
    );
  const of = { train: outputs('train'), test: outputs('test') };
  const means = [0, 1, 2].map((j) =>
    Array.from({ length: K }, (_, k) => {
      const members = of.train
        .filter((_, i) => dataset.train.labels[i] === k)
        .map((exits) => exits[j]!);
      return members[0]!.map((_, d) => members.reduce((sum, x) => sum + x[d]!, 0) / members.length);
    }),
  );
  const distances = (exits: Float64Array[]) =>
    exits.map((x, j) =>
      means[j]!.map((c) => Math.sqrt(x.reduce((sum, v, d) => sum + (v - c[d]!) ** 2, 0))),
    );
  const distance = { train: of.train.map(distances), test: of.test.map(distances) };
  const normaliser = means.map((classes, j) =>
    classes.map(
      (_, k) => distance.train.reduce((sum, d) => sum + d[j]![k]!, 0) / distance.train.length,
    ),
  );
  const logits = (split: 'train' | 'test') => of[split].map((exits) => [...exits[2]!]);
  return { distance, normaliser, logits: { train: logits('train'), test: logits('test') } };
}

function softmax(values: number[]): number[] {
  const terms = values.map((value) => Math.exp(value - Math.max(...values)));
  const sum = terms.reduce((total, term) => total + term, 0);
  return terms.map((term) => term / sum);
}

let engine: Engine;
let plain: Plain;
let files: Map<string, Uint8Array>;
const dataset = randomDataset(5, [SIZE, SIZE, 2], K, 130, 70);

beforeAll(async () => {
  engine = await createEngine({ spawn: () => localPort(), backend: 'wasm', workers: 2 });
  const model = smallNetwork();
  plain = new Plain(model);
  const classes = dataset.classes;
  files = await filesOf(model, { id: 'small', classes, dataset: 'random', input: INPUT });
  model.dispose();
  await engine.loadNetwork({ files });
});
afterAll(() => engine.dispose());

function expectTrace(
  trace: Trace,
  expected: Expected,
  split: 'train' | 'test',
  last: 'network' | 'mean',
) {
  checkTrace(trace);
  for (let i = 0; i < trace.count; i++)
    for (let j = 0; j < 3; j++) {
      const own = j === 2 && last === 'network';
      const p = own
        ? softmax(expected.logits[split][i]!)
        : softmax(expected.distance[split][i]![j]!.map((d, k) => -d / expected.normaliser[j]![k]!));
      const best = Math.max(...p);
      const at = j * trace.count + i;
      expect(Math.abs(trace.confidence[at]! - best) / best, `image ${i}, exit ${j}`).toBeLessThan(
        1e-4,
      );
      // The label is the independent one, but for ties that rounding may break either way.
      expect(best - p[trace.prediction[at]!]!, `image ${i}, exit ${j}`).toBeLessThan(1e-5);
    }
}

describe('E2CM', () => {
  it('gives the labels, confidences, normalisers and distances of the independent computation', async () => {
    const expected = expectE2cm(plain, dataset);
    const { fitted, train, test, report } = await engine.run('e2cm', dataset);
    expectTrace(train, expected, 'train', 'network');
    expectTrace(test, expected, 'test', 'network');
    expected.normaliser.flat().forEach((m, at) => {
      expect(Math.abs(fitted.normaliser[at]! - m) / m).toBeLessThan(1e-4);
    });
    for (let i = 0; i < 20; i++) {
      const explanation = await engine.explain(imageAt(dataset.test, dataset.shape, i));
      expected.distance.test[i]!.flat().forEach((d, at) =>
        expect(
          Math.abs(explanation.distance![at]! - d) / d,
          `image ${i}, entry ${at}`,
        ).toBeLessThan(1e-4),
      );
      expect(explanation.prediction[1]).toBe(test.prediction[test.count + i]);
      expect(explanation.softmax.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    }
    expect(report.classMeanBytes).toBe(4 * K * (SIZE * SIZE * 110 + 25 * 110 + K));
    expect(report.imagesPerClass.reduce((sum, n) => sum + n, 0)).toBe(130);
    expect(report.warnings).toEqual([]);
  });

  it('counts distances at every visited exit, except where the network itself decides', async () => {
    const stage = engine.network!.stages.map((s) => s.flops);
    const [d0, d1, d2] = [SIZE * SIZE * 110, 25 * 110, K].map((d) => distanceFlops(K, d));
    const { train } = await engine.run('e2cm', dataset);
    const expected = [stage[0]! + d0!, stage[0]! + stage[1]! + d0! + d1!];
    const all = stage.reduce((sum, flops) => sum + flops, 0) + d0! + d1!;
    expect(train.exits.map((exit) => exit.flops)).toEqual([...expected, all]);
    expect(train.exits.map((exit) => exit.size)).toEqual([SIZE * SIZE * 110, 25 * 110, K]);
    expect(train.networkFlops).toBe(engine.network!.flops);
    const nearest = await engine.run('e2cm', dataset, { lastExit: 'nearest-mean' });
    expect(nearest.train.exits[2]!.flops).toBe(all + d2!);
  });

  it('follows its options: raw labels, nearest mean at the last exit, fewer training images', async () => {
    const options = { label: 'raw', lastExit: 'nearest-mean', trainImages: 90 } as const;
    const fewer = { ...dataset, train: firstImages(dataset.train, dataset.shape, 90) };
    const expected = expectE2cm(plain, fewer);
    const { train, test, report } = await engine.run('e2cm', dataset, options);
    expect(train.count).toBe(90);
    expect(test.provenance.trainImages).toBe(90);
    let differing = 0;
    for (let i = 0; i < test.count; i++) {
      const raw = expected.distance.test[i]![0]!;
      const scaled = raw.map((d, k) => d / expected.normaliser[0]![k]!);
      expect(raw[test.prediction[i]!]! - Math.min(...raw)).toBeLessThan(1e-4);
      if (raw.indexOf(Math.min(...raw)) !== scaled.indexOf(Math.min(...scaled))) differing++;
    }
    expect(
      Math.abs(report.labelDisagreement.test[0]! * test.count - differing),
    ).toBeLessThanOrEqual(1);
    const p = softmax(
      expected.distance.test[3]![2]!.map((d, k) => -d / expected.normaliser[2]![k]!),
    );
    expect(test.confidence[2 * test.count + 3]).toBeCloseTo(Math.max(...p), 5);
  });

  it('never predicts a class without training images, and says so', async () => {
    const labels = dataset.train.labels.map((label) => (label === 2 ? 1 : label));
    const partial = { ...dataset, train: { ...dataset.train, labels } };
    const { train, test, report } = await engine.run('e2cm', partial, { lastExit: 'nearest-mean' });
    expect([...train.prediction, ...test.prediction]).not.toContain(2);
    checkTrace(test);
    expect(report.warnings).toEqual([
      'No training image of class class 2 was used: without a class mean, no exit before the last predicts it.',
    ]);
    const { distance, probability } = await engine.explain(imageAt(dataset.test, dataset.shape, 0));
    expect(distance![2]).toBe(Infinity);
    expect(probability[2]).toBe(0);
  });

  it('streams traces that grow image by image and end complete', async () => {
    const seen: string[] = [];
    const phases = new Set<string>();
    const { test } = await engine.run(
      'e2cm',
      dataset,
      {},
      {
        onTrace: (trace) => {
          checkTrace(trace);
          seen.push(`${trace.split} ${trace.count}/${trace.total}`);
        },
        onProgress: ({ phase, step, steps, done, total }) => {
          expect(done).toBeLessThanOrEqual(total);
          phases.add(`${step}/${steps} ${phase}`);
        },
      },
    );
    expect(seen[0]).toMatch(/^train \d+\/130$/);
    expect(seen).toContain('train 130/130');
    expect(seen.at(-1)).toBe(`test ${test.count}/70`);
    expect([...phases]).toEqual(['1/3 class means', '2/3 distances', '3/3 test images']);
  });

  it('leaves no tensors behind', async () => {
    await engine.run('e2cm', dataset);
    await engine.explain(imageAt(dataset.test, dataset.shape, 0));
    const before = await engine.tensorCounts();
    await engine.run('e2cm', dataset);
    await engine.explain(imageAt(dataset.test, dataset.shape, 0));
    expect(await engine.tensorCounts()).toEqual(before);
  });

  it('gives the same result with one more pass where the training distances do not fit', async () => {
    const pool = await Pool.start({
      backend: 'wasm',
      workers: 1,
      spawn: () => localPort(),
      onStatus: () => undefined,
    });
    const read = await networkFromFiles(files);
    const network = await pool.load(read);
    const phases = new Set<string>();
    const { train, test } = await e2cmKeeping(1000).run(dataset, E2CM_DEFAULTS, {
      runner: pool.runner(network, read, dataset.shape),
      commit: 'test',
      onProgress: ({ phase }) => phases.add(phase),
    });
    const kept = await engine.run('e2cm', dataset);
    expect(train.prediction).toEqual(kept.train.prediction);
    expect(test.prediction).toEqual(kept.test.prediction);
    expect([...phases]).toContain('normalisers (one more pass: distances do not fit)');
    pool.dispose();
  });

  it('keeps 1e-4 where images sit almost on their mean', async () => {
    // All training images of a class are nearly the same: d is a small part of the distance between classes.
    const tight = randomDataset(9, [SIZE, SIZE, 2], K, 64, 8);
    const size = SIZE * SIZE * 2;
    const images = tight.train.images.map((_, at) => {
      const label = tight.train.labels[Math.floor(at / size)]!;
      return ((at % size) * (label + 1) * 37) % 251;
    });
    for (let i = 0; i < 64; i++) images[i * size + ((i * 7) % size)]! ^= 1;
    const near = { ...tight, train: { ...tight.train, images } };
    const expected = expectE2cm(plain, near);
    await engine.run('e2cm', near);
    for (let i = 0; i < 16; i++) {
      const { distance } = await engine.explain(imageAt(near.train, near.shape, i));
      expected.distance.train[i]!.slice(0, 2)
        .flat()
        .forEach((d, at) =>
          expect(Math.abs(distance![at]! - d) / d, `image ${i}, entry ${at}`).toBeLessThan(1e-4),
        );
    }
  });
});
