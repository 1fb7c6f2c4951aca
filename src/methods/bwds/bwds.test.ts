/** BWDS: decision functions on data made up for them, and the method through the engine. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageAt } from '../../core/dataset.ts';
import { denseFlops } from '../../core/flops.ts';
import { isMadeWith } from '../../core/options/schema.ts';
import { randomFrom } from '../../core/random.ts';
import { replay } from '../../core/replay.ts';
import { checkTrace } from '../../core/trace.ts';
import { createEngine, type Engine } from '../../engine/client/engine.ts';
import { filesOf, localPort, randomDataset, type Sabotage } from '../../engine/test-port.ts';
import { convModel, testCard } from '../../engine/test-network.ts';
import { networkFromFiles } from '../../network/files.ts';
import { loadNetwork, type Network } from '../../network/network.ts';
import { preprocess } from '../../network/preprocess.ts';
import { DecisionChain, decisionFeatures, featureCount, tradeOffOf } from './decisions.ts';
import { decisionValue, fitLogistic } from './logistic.ts';
import { BEFORE, BWDS_DEFAULTS, BWDS_OPTIONS, TRADE_OFFS } from './options.ts';

describe('weighted logistic regression', () => {
  it('finds where the gradient is zero', () => {
    const random = randomFrom(3);
    const [n, width] = [300, 3];
    const rows = Float32Array.from({ length: n * (width + 2) }, () => random() * 2 - 1);
    const targets = Float64Array.from({ length: n }, (_, i) => {
      const z = rows[i * 5 + 1]! - 2 * rows[i * 5 + 3]! + 0.5 * (random() - 0.5);
      return (z > 0.2 ? 1 : -1) * random() * (i % 7 === 0 ? 0 : 3);
    });
    const weights = fitLogistic(rows, 5, 1, width, targets);
    const total = targets.reduce((sum, t) => sum + Math.abs(t), 0);
    const gradient = weights.map((w) => 1e-4 * w);
    targets.forEach((target, i) => {
      const p = 1 / (1 + Math.exp(-decisionValue(weights, rows, i * 5 + 1)));
      const residual = (Math.abs(target) / total) * (p - (target > 0 ? 1 : 0));
      for (let d = 0; d < width; d++) gradient[d]! += residual * rows[i * 5 + 1 + d]!;
      gradient[width]! += residual;
    });
    for (const g of gradient) expect(Math.abs(g)).toBeLessThan(1e-4);
    expect(weights[0]).toBeGreaterThan(1);
    expect(weights[2]).toBeLessThan(-2);
  });

  it('stays finite where all weights are 0 and where the classes are separable', () => {
    const rows = Float32Array.of(0, 0, 1, 1);
    expect([...fitLogistic(rows, 1, 0, 1, new Float64Array(4))]).toEqual([0, 0]);
    const weights = fitLogistic(rows, 1, 0, 1, Float64Array.of(-5, -5, 5, 5));
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(decisionValue(weights, rows, 0)).toBeLessThan(0);
    expect(decisionValue(weights, rows, 3)).toBeGreaterThan(0);
  });
});

/** Images whose first feature says how sure an exit is: the surer, the likelier it is right. */
function madeUp(images: number) {
  const random = randomFrom(11);
  const [exits, width] = [3, 2];
  const features = new Float32Array(images * exits * width);
  const excess = new Uint8Array(images * exits);
  for (let i = 0; i < images; i++) {
    const ease = random();
    for (let j = 0; j < exits; j++) {
      const sure = Math.min(1, ease * (0.6 + 0.2 * j) + 0.2 * random());
      features.set([sure, random()], (i * exits + j) * width);
      excess[i * exits + j] = random() > 0.3 + 0.8 * sure ? 1 : 0;
    }
  }
  return { images, exits, width, features, excess, cost: Float64Array.of(0.2, 0.5, 0.8, 1) };
}

describe('decision functions', () => {
  const data = madeUp(800);
  /** Mean cost λ·mistakes + FLOPs when `leaves` decides. */
  const costOf = (lambda: number, leaves: (i: number, j: number) => boolean) => {
    let sum = 0;
    for (let i = 0; i < data.images; i++) {
      let j = 0;
      while (j < data.exits && !leaves(i, j)) j++;
      sum += data.cost[j]! + (j < data.exits ? lambda * data.excess[i * data.exits + j]! : 0);
    }
    return sum / data.images;
  };
  const chainOf = (lambda: number) => {
    const chain = new DecisionChain(data, lambda);
    while (!chain.step());
    return chain.weights;
  };

  it('cost no more than leaving at any one exit, or never', () => {
    for (const lambda of [0.1, 0.5, 1, 2, 5, 30]) {
      const weights = chainOf(lambda);
      const value = (i: number, j: number) =>
        decisionValue(weights.subarray(j * 3, (j + 1) * 3), data.features, (i * 3 + j) * 2);
      const trained = costOf(lambda, (i, j) => value(i, j) >= 0);
      for (const only of [0, 1, 2, 3])
        expect(trained, `λ ${lambda}, exit ${only}`).toBeLessThan(
          costOf(lambda, (_, j) => j === only) + 1e-3,
        );
    }
  });

  it('stand for one score: a threshold λ leaves as the functions of that λ do', () => {
    const lambdas = [0.25, 0.5, 1, 2, 4, 8];
    const decisions = Float64Array.from(lambdas.flatMap((lambda) => [...chainOf(lambda)]));
    let odd = 0;
    for (let i = 0; i < data.images; i++)
      for (let j = 0; j < data.exits; j++) {
        const at = (i * data.exits + j) * data.width;
        const { score, isMonotone } = tradeOffOf(decisions, lambdas, 3, j, data.features, at);
        if (!isMonotone) odd++;
        else
          lambdas.forEach((lambda, l) => {
            const from = (l * 3 + j) * 3;
            const leaves =
              decisionValue(decisions.subarray(from, from + 3), data.features, at) >= 0;
            expect(Math.fround(score) >= lambda, `image ${i}, exit ${j}, λ ${lambda}`).toBe(leaves);
          });
      }
    expect(odd / (data.images * data.exits)).toBeLessThan(0.1);
  });

  it('see sorted probabilities and their entropy', () => {
    const out = new Float32Array(featureCount(3));
    const logits = Float32Array.of(9, Math.log(0.2), Math.log(0.7), Math.log(0.1));
    decisionFeatures(logits, 1, 3, out, 0);
    const entropy = -(0.7 * Math.log(0.7) + 0.2 * Math.log(0.2) + 0.1 * Math.log(0.1));
    [0.7, 0.2, 0.1, entropy].forEach((value, d) => expect(out[d]).toBeCloseTo(value, 5));
    expect(featureCount(256)).toBe(11);
  });
});

const SIZE = 8;
const K = 3;
const dataset = randomDataset(5, [SIZE, SIZE, 1], K, 400, 80);
let files: Map<string, Uint8Array>;
let network: Network;
let engine: Engine;
const card = testCard(SIZE, dataset.classes);

async function start(sabotage?: Sabotage): Promise<Engine> {
  const made = await createEngine({
    spawn: () => localPort(sabotage),
    backend: 'wasm',
    workers: 2,
  });
  await made.loadNetwork({ files });
  return made;
}

beforeAll(async () => {
  await tf.setBackend('wasm');
  const model = convModel(
    SIZE,
    [
      ['a', 4, 1],
      ['b', 6, 2],
    ],
    K,
  );
  files = await filesOf(model, card);
  network = await loadNetwork(await networkFromFiles(files));
  engine = await start();
});
afterAll(() => engine.dispose());

describe('BWDS', () => {
  it('labels by a linear layer on channel averages, computed by plain loops', async () => {
    const options = { epochs: 3, ...BEFORE };
    const { fitted, test, train, report } = await engine.run('bwds', dataset, options);
    checkTrace(train);
    checkTrace(test);
    const pixels = preprocess(dataset.test.images, 80, dataset.shape, card.input);
    const outputs = network.forward(tf.tensor4d(pixels, [80, SIZE, SIZE, 1]));
    for (const [s, { map, output }] of fitted.sites.entries()) {
      const values = outputs[output]!.dataSync();
      const [h, w, channels] = map;
      const { weights, bias } = fitted.classifiers[s]!;
      for (let i = 0; i < 80; i++) {
        const mean = new Float64Array(channels);
        for (let at = 0; at < h * w * channels; at++)
          mean[at % channels]! += values[i * h * w * channels + at]! / (h * w);
        const logits = Array.from(bias, (b, c) =>
          mean.reduce((sum, v, d) => sum + v * weights[d * K + c]!, b),
        );
        const best = Math.max(...logits);
        expect(best - logits[test.prediction[s * 80 + i]!]!).toBeLessThan(1e-4);
      }
    }
    expect(report.notMonotone).toHaveLength(2);
    expect(fitted.decisions).toHaveLength(24 * 2 * (featureCount(K) + 1));
    const { confidence } = await engine.explain(imageAt(dataset.test, dataset.shape, 3));
    expect(confidence[0]).toBeCloseTo(test.confidence[3]!, 3);
  });

  it('counts classifier and decision function, and sends more images on the dearer a mistake is', async () => {
    const { test } = await engine.run('bwds', dataset, { epochs: 3, pooling: 'global' });
    const stage = network.stages.map(({ flops }) => flops);
    const own = (channels: number) => denseFlops(channels, K) + denseFlops(featureCount(K), 1);
    const first = stage[0]! + own(4);
    expect(test.exits[0]!.flops).toBe(first);
    expect(test.exits[1]!.flops).toBe(first + stage[1]! + own(6));
    const costs = TRADE_OFFS.map(
      (lambda) => replay(test, { rule: 'at-least', thresholds: [lambda, lambda] }).meanFlops,
    );
    costs.forEach((cost, l) => l > 0 && expect(cost).toBeGreaterThanOrEqual(costs[l - 1]!));
    expect(costs.at(-1)).toBeGreaterThan(costs[0]!);
  });

  it('can be saved, loaded and traced again; decides first when its training was cut short', async () => {
    const { test } = await engine.run('bwds', dataset, { epochs: 1 });
    const saved = engine.save();
    const other = await start();
    await other.restore('bwds', saved, dataset);
    expect((await other.trace(dataset, 'test')).confidence).toEqual(test.confidence);
    const controller = new AbortController();
    const run = other.run(
      'bwds',
      dataset,
      { epochs: 800 },
      {
        signal: controller.signal,
        onProgress: ({ step, done }) => step === 2 && done > 5 * 400 && controller.abort(),
      },
    );
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(other.fitted).toBe('bwds');
    const trace = await other.trace(dataset, 'test');
    checkTrace(trace);
    expect(new Set(trace.confidence.subarray(0, 80)).size).toBeGreaterThan(5);
    other.dispose();
  });

  it.each([
    ['learn', 4],
    ['feed', 12],
    ['train', 20],
    ['state', 4],
  ] as const)('goes on when a worker dies at a %s, with the same result', async (at, fatal) => {
    const expected = await engine.run('bwds', dataset, { epochs: 1 });
    let seen = 0;
    const broken = await start(({ type }) => {
      // The last ones belong to the decision functions.
      return type === at && ++seen === fatal ? 'pulled out' : undefined;
    });
    const { test } = await broken.run('bwds', dataset, { epochs: 1 });
    test.confidence.forEach((value, i) =>
      expect(Math.abs(value / expected.test.confidence[i]! - 1) || 0).toBeLessThan(0.02),
    );
    broken.dispose();
  });

  it('sees what the classifiers of SDN see, which say the same', async () => {
    const options = { epochs: 2 };
    const { fitted, test } = await engine.run('bwds', dataset, options);
    expect(fitted.sites[0]!.pool).toEqual([2, 2]);
    const saved = engine.save();
    const sdn = await engine.run('sdn', dataset, { epochs: 2 });
    expect(fitted.classifiers).toEqual(sdn.fitted.classifiers);
    expect(test.prediction).toEqual(sdn.test.prediction);
    const decision = denseFlops(featureCount(K), 1);
    expect(test.exits.map(({ flops }) => flops)).toEqual(
      sdn.test.exits.map(({ flops }, j) => flops + Math.min(j + 1, 2) * decision),
    );
    await engine.restore('bwds', saved, dataset);
    expect((await engine.trace(dataset, 'test')).confidence).toEqual(test.confidence);
  });

  it('may decide for more λ, between the same two, as those that both have', async () => {
    const few = await engine.run('bwds', dataset, { epochs: 2, tradeOffs: 3 });
    const many = await engine.run('bwds', dataset, { epochs: 2, tradeOffs: 5 });
    const [a, b] = [few.report.tradeOffs, many.report.tradeOffs];
    expect([a.length, b.length]).toEqual([3, 5]);
    a.forEach((lambda, l) => expect(b[2 * l]! / lambda).toBeCloseTo(1, 2));
    // A function of one λ knows nothing of the others.
    const size = few.fitted.decisions!.length / 3;
    const of = ({ decisions }: typeof few.fitted, l: number) =>
      decisions!.subarray(l * size, (l + 1) * size);
    for (const l of [0, 2]) expect(of(many.fitted, 2 * l)).toEqual(of(few.fitted, l));
    expect(Math.max(...many.test.confidence)).toBe(b.at(-1));
    const again = await start();
    await again.restore('bwds', engine.save(), dataset);
    expect((await again.trace(dataset, 'test')).confidence).toEqual(many.test.confidence);
    again.dispose();
  });

  it('was made with channel means and 24 λ where a file or a recorded run does not say', async () => {
    const { fitted, test, report } = await engine.run('bwds', dataset, { epochs: 1, ...BEFORE });
    expect(report.tradeOffs).toHaveLength(24);
    const { header, bytes } = engine.save();
    const { options, ...rest } = header as { options: Record<string, unknown> };
    const { pooling, tradeOffs, ...older } = options;
    expect({ pooling, tradeOffs }).toEqual(BEFORE);
    await engine.restore('bwds', { header: { ...rest, options: older }, bytes }, dataset);
    const again = await engine.trace(dataset, 'test');
    expect(again.confidence).toEqual(test.confidence);
    expect(again.provenance.options).toMatchObject(BEFORE);

    const { pooling: p, tradeOffs: t, ...known } = fitted.options;
    expect({ pooling: p, tradeOffs: t }).toEqual(BEFORE);
    const made = { budget: { epochs: 1 }, provenance: { ...test.provenance, options: known } };
    const { trainImages, ...asked } = { ...BWDS_DEFAULTS, ...known };
    expect(isMadeWith(BWDS_OPTIONS, { ...asked, ...BEFORE }, made)).toBe(true);
    expect(isMadeWith(BWDS_OPTIONS, { ...asked, pooling: 'mixed' }, made)).toBe(false);
    expect(isMadeWith(BWDS_OPTIONS, { ...asked, tradeOffs: 96 }, made)).toBe(false);
    expect(trainImages).toBe(0);
  });

  it('leaves no tensors behind', async () => {
    await engine.run('bwds', dataset, { epochs: 1 });
    const before = await engine.tensorCounts();
    await engine.run('bwds', dataset, { epochs: 1 });
    expect(await engine.tensorCounts()).toEqual(before);
  });
});
