/** The trainer of linear classifiers against PyTorch, and its two arithmetics against each other. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../core/random.ts';
import { own as sdn } from '../../sdn/own.ts';
import { fromHalf, roundToHalf, toHalf } from './half.ts';
import { initialWeights, linearLearner, linearLesson } from './learner.ts';
import { LinearModel } from './model.ts';
import { featureBytes, type LinearSettings, type LinearShape } from './settings.ts';

interface GoldenWeights {
  weights: number[];
  bias: number[];
  alpha: number;
}

interface GoldenRun {
  start: GoldenWeights;
  losses: number[];
  gradient: GoldenWeights;
  end: GoldenWeights;
}

interface Golden {
  seed: number;
  steps: number;
  batch: number;
  classes: number;
  side: number;
  channels: number;
  mixed: GoldenRun;
  plain: GoldenRun;
}

const golden = JSON.parse(
  readFileSync(new URL('../../../../training/golden_sdn.json', import.meta.url), 'utf8'),
) as Golden;

/** The maps and labels of `training/golden_sdn.py`. */
function goldenBatches() {
  const { seed, steps, batch, classes, side, channels } = golden;
  let state = seed;
  const byte = () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state >>> 24;
  };
  return Array.from({ length: steps }, () => {
    const maps = Float32Array.from({ length: batch * side * side * channels }, () => {
      const r = byte();
      return r % 2 ? r / 64 : 0;
    });
    return { maps, labels: Uint8Array.from({ length: batch }, () => byte() % classes) };
  });
}

/** Max and average over 2×2, NHWC. */
function pool(map: Float32Array): Float32Array {
  const { side, channels } = golden;
  const half = side / 2;
  const out = new Float32Array(2 * half * half * channels);
  for (let row = 0; row < half; row++)
    for (let column = 0; column < half; column++)
      for (let c = 0; c < channels; c++) {
        const of = [0, 1].flatMap((dy) =>
          [0, 1].map((dx) => map[((2 * row + dy) * side + 2 * column + dx) * channels + c]!),
        );
        const at = (row * half + column) * channels + c;
        out[at] = Math.max(...of);
        out[at + half * half * channels] = of.reduce((sum, value) => sum + value, 0) / 4;
      }
  return out;
}

const weightsOf = ({ weights, bias, alpha }: GoldenWeights) => ({
  weights: Float32Array.from(weights),
  bias: Float32Array.from(bias),
  alpha,
});

function expectNear(got: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(got.length, what).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < got.length; i++)
    worst = Math.max(worst, Math.abs(got[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!)));
  expect(worst, what).toBeLessThan(1e-4);
}

function randomFeatures(seed: number, shape: LinearShape, images: number) {
  const random = randomFrom(seed);
  const width = 2 * shape.mixed + shape.plain;
  const rows = new Uint16Array(images * width);
  const labels = Uint8Array.from({ length: images }, () => Math.floor(random() * shape.classes));
  const values = Float32Array.from(
    { length: images * width },
    (_, i) => random() + (i % shape.classes === labels[Math.floor(i / width)]! ? 0.5 : 0),
  );
  toHalf(values, rows);
  return { rows, labels, width };
}

describe('16-bit floats', () => {
  it('round to nearest and read back', () => {
    for (const value of [0, 1, -1, 0.1, 1 / 3, 2047, 2049, 2051, -70000, 131008, 2 ** -14]) {
      const near = roundToHalf(value);
      expect(Math.abs(near - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -11);
      expect(roundToHalf(near)).toBe(near);
    }
    expect(roundToHalf(2049)).toBe(2048);
    expect(roundToHalf(2051)).toBe(2052);
    expect(roundToHalf(1e-6)).toBe(0);
    for (let half = 1 << 10; half < 0x8000; half++) {
      const out = new Uint16Array(2);
      expect(toHalf(Float32Array.of(fromHalf(half), -fromHalf(half)), out)).toBe(true);
      if (out[0] !== half || out[1] !== (half | 0x8000)) expect([...out]).toEqual([half, -half]);
    }
  });

  it.each([NaN, Infinity, -Infinity, 131_100])('refuse %d', (value) => {
    expect(toHalf(Float32Array.of(1, value), new Uint16Array(2))).toBe(false);
  });
});

describe.each(['simd', 'plain'] as const)('a linear classifier, %s', (arithmetic) => {
  it.each(['mixed', 'plain'] as const)('agrees with PyTorch over ten Adam steps, %s', (kind) => {
    const { batch, classes, side, channels } = golden;
    const run = golden[kind];
    const inputs = run.start.weights.length / classes;
    const shape = {
      mixed: kind === 'mixed' ? inputs : 0,
      plain: kind === 'mixed' ? 0 : inputs,
      classes,
    };
    const start = weightsOf(run.start);
    const model = new LinearModel(shape, golden.steps * batch, batch, start, arithmetic);
    const batches = goldenBatches();
    const size = side * side * channels;
    batches.forEach(({ maps }, step) => {
      for (let b = 0; b < batch; b++) {
        const map = maps.subarray(b * size, (b + 1) * size);
        const values = kind === 'mixed' ? pool(map) : map;
        const row = new Uint16Array(values.length);
        expect(toHalf(values, row)).toBe(true);
        model.keep(step * batch + b, 0, row);
      }
    });
    const rowsOf = (step: number) =>
      Uint32Array.from({ length: batch }, (_, b) => step * batch + b);
    const gradient = model.gradientOf(rowsOf(0), batches[0]!.labels);
    expectNear(gradient.weights, run.gradient.weights, 'gradient of the weights');
    expectNear(gradient.bias, run.gradient.bias, 'gradient of the bias');
    expectNear([gradient.alpha], [run.gradient.alpha], 'gradient of α');
    batches.forEach(({ labels }, step) => {
      const { loss } = model.step(rowsOf(step), labels, 1e-3);
      expectNear([loss / batch], [run.losses[step]!], `loss of step ${step}`);
    });
    const end = model.get();
    expectNear(end.weights, run.end.weights, 'weights at the end');
    expectNear(end.bias, run.end.bias, 'bias at the end');
    if (kind === 'mixed') expectNear([end.alpha], [run.end.alpha], 'α at the end');
  });
});

describe('a linear classifier', () => {
  it.each([
    { mixed: 6, plain: 3, classes: 3 },
    { mixed: 5, plain: 0, classes: 17 },
    { mixed: 0, plain: 7, classes: 40 },
    { mixed: 4, plain: 9, classes: 256 },
  ])('has the gradients of finite differences: %j', (shape) => {
    const images = 7;
    const { rows, labels, width } = randomFeatures(3, shape, images);
    const start = initialWeights(shape, 5);
    const lossOf = (weights: typeof start) => {
      const model = new LinearModel(shape, images, images, weights);
      for (let i = 0; i < images; i++) model.keep(i, 0, rows.subarray(i * width, (i + 1) * width));
      return model.gradientOf(
        Uint32Array.from({ length: images }, (_, i) => i),
        labels,
      );
    };
    const gradient = lossOf(start);
    const h = 1e-2;
    const random = randomFrom(8);
    const check = (got: number, name: 'weights' | 'bias', at: number) => {
      const moved = (by: number) =>
        lossOf({ ...start, [name]: start[name].map((v, i) => (i === at ? v + by : v)) }).loss;
      expect((moved(h) - moved(-h)) / (2 * h * images)).toBeCloseTo(got, 3);
    };
    for (let n = 0; n < 12; n++) {
      const at = Math.floor(random() * start.weights.length);
      check(gradient.weights[at]!, 'weights', at);
    }
    check(gradient.bias[shape.classes - 1]!, 'bias', shape.classes - 1);
    const alpha = (by: number) => lossOf({ ...start, alpha: start.alpha + by }).loss;
    expect((alpha(h) - alpha(-h)) / (2 * h * images)).toBeCloseTo(gradient.alpha, 3);
  });

  it('takes features in parts and in any order', () => {
    const shape = { mixed: 6, plain: 5, classes: 4 };
    const { rows, labels, width } = randomFeatures(2, shape, 4);
    const start = initialWeights(shape, 1);
    const [whole, parts] = [0, 1].map(() => new LinearModel(shape, 4, 4, start)) as [
      LinearModel,
      LinearModel,
    ];
    for (let i = 0; i < 4; i++) whole.keep(i, 0, rows.subarray(i * width, (i + 1) * width));
    for (const [from, to] of [
      [9, 17],
      [0, 4],
      [4, 9],
    ] as const)
      for (let i = 3; i >= 0; i--)
        parts.keep(i, from, rows.subarray(i * width + from, i * width + to));
    const all = Uint32Array.of(2, 0, 3, 1);
    expect(parts.gradientOf(all, labels)).toEqual(whole.gradientOf(all, labels));
  });
});

describe('the linear learner', () => {
  const shape = { mixed: 8, plain: 0, classes: 4 };
  const settings: LinearSettings = {
    ...shape,
    images: 300,
    epochs: 5,
    batch: 128,
    rate: 1e-2,
    seed: 4,
  };
  const { rows, labels, width } = randomFeatures(9, shape, settings.images);
  const open = (change: Partial<LinearSettings> = {}, order = [0, 100, 200]) => {
    const lesson = linearLesson(
      sdn.learner('linear'),
      { ...settings, ...change },
      initialWeights(shape, 7),
    );
    const learner = linearLearner(lesson.settings, lesson.parameters);
    for (const from of order)
      learner.feed({
        rows: rows.slice(from * width, (from + 100) * width),
        labels: labels.slice(from, from + 100),
        place: Uint32Array.of(from, 0),
      });
    return learner;
  };

  it('stops at the end of each epoch, sees every image once in it, and learns', () => {
    const learner = open();
    const epochs: number[] = [];
    for (let done = false, epoch = 1; !done; epoch++) {
      const first = learner.train(2);
      const rest = learner.train(2);
      expect([first.images, rest.images, rest.steps]).toEqual([256, 44, 3 * epoch]);
      expect([first.epoch, rest.epoch]).toEqual([epoch, epoch]);
      epochs.push((first.loss + rest.loss) / 300);
      done = rest.isDone;
    }
    expect(epochs).toHaveLength(5);
    expect(epochs[4]).toBeLessThan(epochs[0]!);
    expect(learner.train(5).images).toBe(0);
  });

  it('gives the same weights whatever the order of feeding and the portions of training', () => {
    const [a, b] = [open(), open({}, [200, 0, 100])];
    while (!a.train(1).isDone);
    while (!b.train(100).isDone);
    expect(b.state()).toEqual(a.state());
  });

  it('says how much memory was missing', () => {
    const images = 3e9;
    const megabytes = Math.ceil(featureBytes(shape, images) / 2 ** 20);
    expect(() => open({ images }, [])).toThrow(
      `There is no memory for the ${megabytes} MB of features of ${images} images; choose fewer training images.`,
    );
  });
});
