/** SDN through the engine: against loops over plain arrays. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstImages, imageAt } from '../../core/dataset.ts';
import { denseFlops } from '../../core/flops.ts';
import { checkTrace, type Trace } from '../../core/trace.ts';
import { createEngine, type Engine } from '../../engine/client/engine.ts';
import { Pool } from '../../engine/client/pool.ts';
import type { EngineStatus } from '../../engine/client/types.ts';
import { filesOf, localPort, randomDataset, type Sabotage } from '../../engine/test-port.ts';
import { convModel, testCard } from '../../engine/test-network.ts';
import { networkFromFiles } from '../../network/files.ts';
import { loadNetwork, type Network } from '../../network/network.ts';
import { preprocess } from '../../network/preprocess.ts';
import type { Training } from '../contract/training.ts';
import { own as e2cm } from '../e2cm/own.ts';
import { sdn } from './method.ts';
import { SDN_DEFAULTS } from './options.ts';

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
    const read = await networkFromFiles(files);
    const summary = await pooled.load(read);
    // Class sums of one image a class are the stages' outputs themselves.
    const split = {
      ...firstImages(dataset.test, dataset.shape, K),
      labels: Uint8Array.of(0, 1, 2),
    };
    const outputs = async () => {
      let sums: Float32Array | undefined;
      await pooled.run(
        {
          kernel: e2cm.kernel('sums'),
          classes: K,
          parameters: {},
          split,
          onFlush: (arrays) => void (sums = arrays.sums as Float32Array),
        },
        dataset.shape,
        read,
      );
      return sums!;
    };
    const before = await outputs();
    await sdn.run(
      dataset,
      { ...SDN_DEFAULTS, epochs: 3 },
      {
        runner: pooled.runner(summary, read, dataset.shape),
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
