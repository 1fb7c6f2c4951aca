/** Inference that stops against replay: every method, on small networks, with thresholds of every kind. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { imageBytes } from '../../core/dataset.ts';
import { closedPolicy, closedThreshold, forEachClass, type Policy } from '../../core/policy.ts';
import { replay } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';
import { classifierIds, ruleOf, type ClassifierId } from '../../methods/registry.ts';
import { branchyModel, convModel, testCard } from '../test-network.ts';
import { filesOf, localPort, onCpu, randomDataset } from '../test-port.ts';
import { createEngine } from './engine.ts';
import type { Engine } from './types.ts';

const SIZE = 8;
const K = 3;
const dataset = randomDataset(4, [SIZE, SIZE, 1], K, 300, 61);
const card = testCard(SIZE, dataset.classes);
const layers = [
  ['a', 4, 1],
  ['b', 6, 2],
  ['c', 9, 1],
  ['d', 8, 2],
] as const;

async function engineOn(network: Map<string, Uint8Array>): Promise<Engine> {
  const engine = await createEngine({ spawn: () => localPort(), backend: 'wasm', workers: 1 });
  await engine.loadNetwork({ files: network });
  return engine;
}

let plain: Map<string, Uint8Array>;
let branchy: Map<string, Uint8Array>;
beforeAll(async () => {
  await tf.setBackend('wasm');
  plain = await filesOf(convModel(SIZE, layers, K), card);
  branchy = await filesOf(branchyModel(SIZE, K), card);
});

/** Every exit's own quantile as its threshold; between two confidences, so that none is equal to it. */
function atQuantiles({ exits, count, confidence, method }: Trace, share: number): Policy {
  const thresholds = exits.slice(0, -1).map((_, j) => {
    const sorted = confidence.slice(j * count, (j + 1) * count).sort();
    const at = Math.min(count - 2, Math.floor(share * count));
    return (sorted[at]! + sorted[at + 1]!) / 2;
  });
  return { rule: ruleOf(method), thresholds };
}

function policiesOf(trace: Trace): Policy[] {
  const one = [0.2, 0.5, 0.8].map((share) => atQuantiles(trace, share));
  const aware = one.map(({ rule, thresholds }) => ({
    rule,
    thresholds: forEachClass(thresholds, K).map((t, at) => (at % K === 1 ? t : t * 1.02)),
  }));
  return [...one, ...aware, closedPolicy(ruleOf(trace.method), trace.exits.length)];
}

const variants: readonly (readonly [ClassifierId, object])[] = [
  ...classifierIds.map((id) => [id, {}] as const),
  ['e2cm', { lastExit: 'nearest-mean', label: 'raw' }],
  ['sdn', { unconfident: 'most-confident' }],
  ['bwds', { pooling: 'mixed' }],
  ['e2cm-sdn', { agreement: 'and-label' }],
  ['e2cm-branchynet', { agreement: 'or' }],
];

describe('inference that stops', () => {
  it.each(variants)('leaves where a replay of %s %j does, with its label', async (id, options) => {
    const engine = await engineOn(id.includes('branchynet') ? branchy : plain);
    const training = { epochs: 1, tradeOffs: 6, ...options };
    const { test } = await engine.run(id, dataset, training);
    const tensors = await engine.tensorCounts();
    const closed = closedThreshold(ruleOf(id));
    for (const policy of policiesOf(test)) {
      const outcome = replay(test, policy);
      const driven = await engine.drive(dataset.test.images, policy);
      expect(driven.exitOf).toEqual(outcome.exitOf);
      const { count, exits } = test;
      exits.forEach(({ stage }, j) => {
        const arrive = driven.exitOf.filter((exit) => exit >= j).length;
        // What nobody needs any more is not run.
        expect(driven.ran[stage]).toBe(arrive);
      });
      // Nor are exits asked that let nobody go, but where the last one looks at what they said.
      const isAsked = (j: number) =>
        j === exits.length - 1 || policy.thresholds[j] !== closed || 'unconfident' in options;
      driven.confidence.forEach((sure, at) => {
        const [j, i] = [Math.floor(at / count), at % count];
        expect(Number.isNaN(sure)).toBe(j > driven.exitOf[i]! || !isAsked(j));
        if (Number.isNaN(sure)) return;
        expect(driven.prediction[at]).toBe(test.prediction[at]);
        expect(Math.abs(sure - test.confidence[at]!)).toBeLessThan(1e-5);
      });
    }
    // The judge that stays open has tensors of its own, the same however often images are sent.
    const open = await engine.tensorCounts();
    await engine.drive(dataset.test.images, atQuantiles(test, 0.5), 3);
    expect(await engine.tensorCounts()).toEqual(open);
    expect(tensors).toHaveLength(1);
    engine.dispose();
  });

  it('learns what a run learns, without a trace, and drives past it', async () => {
    const [run, fit] = [await engineOn(plain), await engineOn(plain)];
    const { test } = await run.run('e2cm', dataset);
    const traces: Trace[] = [];
    await fit.fit('e2cm', dataset, {}, { onTrace: (trace) => traces.push(trace) });
    expect(traces).toEqual([]);
    const policy = atQuantiles(test, 0.6);
    const here = await fit.drive(dataset.test.images, policy);
    expect(here.exitOf).toEqual(replay(test, policy).exitOf);
    expect(fit.fitted).toBe('e2cm');
    run.dispose();
    fit.dispose();
  });

  it.each(['e2cm', 'sdn', 'bwds'] as const)('does so by tensors as well, with %s', async (id) => {
    const engine = await createEngine({ spawn: () => localPort(undefined, onCpu), workers: 1 });
    await engine.loadNetwork({ files: plain });
    const some = randomDataset(4, [SIZE, SIZE, 1], K, 60, 30);
    const { test } = await engine.run(id, some, { epochs: 1, tradeOffs: 4 });
    const policy = atQuantiles(test, 0.5);
    const driven = await engine.drive(some.test.images, policy);
    expect(driven.exitOf).toEqual(replay(test, policy).exitOf);
    engine.dispose();
    await tf.setBackend('wasm');
  });

  it('runs the plain network to its end, and takes its time', async () => {
    const engine = await engineOn(plain);
    const image = dataset.test.images.slice(0, imageBytes(dataset.shape));
    await expect(engine.drive(image, null)).rejects.toThrow(/Nothing has been learnt yet/);
    const { test } = await engine.run('e2cm', dataset);
    const driven = await engine.drive(image, null, 4);
    expect([...driven.ran]).toEqual([1, 1, 1, 1, 1]);
    expect(driven.prediction[0]).toBe(test.prediction[(test.exits.length - 1) * test.count]);
    expect(driven.milliseconds).toHaveLength(4);
    const parts = [...driven.inStages, ...driven.inExits].reduce((sum, ms) => sum + ms, 0);
    expect(parts).toBeLessThanOrEqual(Math.max(...driven.milliseconds) + 1e-6);
    engine.dispose();
  });

  it('says what is wrong with thresholds or images, and goes on', async () => {
    const engine = await engineOn(plain);
    const { test } = await engine.run('e2cm', dataset);
    const few: Policy = { rule: 'above', thresholds: [0.5] };
    await expect(engine.drive(dataset.test.images, few)).rejects.toThrow(
      /has 1 thresholds; inference past 5 exits needs 4, or 12 for 3 classes/,
    );
    await expect(engine.drive(new Uint8Array(5), few)).rejects.toThrow(/5 bytes; expected 64 each/);
    const driven = await engine.drive(dataset.test.images, atQuantiles(test, 0.5));
    expect(driven.exitOf).toHaveLength(61);
    engine.dispose();
  });
});
