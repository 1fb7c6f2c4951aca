/** E2CM+SDN through the engine: against loops over plain arrays, and its one threshold against the two it stands for. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageAt } from '../../core/dataset.ts';
import { denseFlops, distanceFlops } from '../../core/flops.ts';
import { pairingOf, underPairing } from '../../core/pairing.ts';
import { checkTrace, type Trace } from '../../core/trace.ts';
import { createEngine, type Engine } from '../../engine/client/engine.ts';
import { filesOf, localPort, randomDataset, type Sabotage } from '../../engine/test-port.ts';
import { convModel, testCard } from '../../engine/test-network.ts';
import { networkFromFiles } from '../../network/files.ts';
import { loadNetwork, type Network } from '../../network/network.ts';
import { preprocess } from '../../network/preprocess.ts';
import { AGREEMENTS } from '../parts/options/agreement.ts';

const SIZE = 8;
const K = 3;
const dataset = randomDataset(5, [SIZE, SIZE, 1], K, 400, 80);
const card = testCard(SIZE, dataset.classes);
/** Maps of 8×8 (pooled over 2×2) and 4×4 (not pooled) before the dense layer. */
const smallModel = () =>
  convModel(
    SIZE,
    [
      ['a', 4, 1],
      ['b', 6, 2],
    ],
    K,
  );

let files: Map<string, Uint8Array>;
let network: Network;
let engine: Engine;

async function start(sabotage?: Sabotage, workers = 2): Promise<Engine> {
  const made = await createEngine({ spawn: () => localPort(sabotage), backend: 'wasm', workers });
  await made.loadNetwork({ files });
  return made;
}

beforeAll(async () => {
  await tf.setBackend('wasm');
  files = await filesOf(smallModel(), card);
  network = await loadNetwork(await networkFromFiles(files));
  engine = await start();
});
afterAll(() => engine.dispose());

function softmax(values: readonly number[]): number[] {
  const terms = values.map((value) => Math.exp(value - Math.max(...values)));
  const sum = terms.reduce((total, term) => total + term, 0);
  return terms.map((term) => term / sum);
}

/** outputs[j][i]: the flattened output of stage j for image i. */
function outputsOf(split: 'train' | 'test'): Float32Array[][] {
  const { images, count } = dataset[split];
  const pixels = preprocess(images, count, dataset.shape, card.input);
  return network.forward(tf.tensor4d(pixels, [count, SIZE, SIZE, 1])).map((output) => {
    const values = output.dataSync() as Float32Array;
    const size = values.length / count;
    return Array.from({ length: count }, (_, i) => values.subarray(i * size, (i + 1) * size));
  });
}

/** Distances over their training mean at stage j: [image][class]. */
function scaledDistances(train: Float32Array[], images: Float32Array[]): number[][] {
  const means = Array.from({ length: K }, (_, k) => {
    const own = train.filter((_, i) => dataset.train.labels[i] === k);
    return own[0]!.map((_, d) => own.reduce((sum, x) => sum + x[d]!, 0) / own.length);
  });
  const distance = (x: Float32Array) =>
    means.map((mean) => Math.hypot(...mean.map((value, d) => value - x[d]!)));
  const all = train.map(distance);
  const m = means.map((_, k) => all.reduce((sum, d) => sum + d[k]!, 0) / all.length);
  return images.map((x) => distance(x).map((d, k) => d / m[k]!));
}

function pooled(x: Float32Array, side: number, channels: number, alpha: number): number[] {
  const half = side / 2;
  return Array.from({ length: half * half * channels }, (_, at) => {
    const [c, cell] = [at % channels, Math.floor(at / channels)];
    const of = [0, 1, side, side + 1].map(
      (step) => x[(2 * Math.floor(cell / half) * side + 2 * (cell % half) + step) * channels + c]!,
    );
    return alpha * Math.max(...of) + ((1 - alpha) * of.reduce((sum, v) => sum + v, 0)) / 4;
  });
}

const confidences = (trace: Trace, j: number) =>
  trace.confidence.subarray(j * trace.count, (j + 1) * trace.count);

describe('E2CM+SDN', () => {
  it('traces what classifiers on features and distances say, computed by plain loops', async () => {
    const { fitted, train, test } = await engine.run('e2cm-sdn', dataset, { epochs: 3 });
    checkTrace(train);
    checkTrace(test);
    const [trainOutputs, testOutputs] = [outputsOf('train'), outputsOf('test')];
    const both = (outputs: Float32Array[][]) =>
      fitted.sites.map(({ output }, s) => {
        const near = scaledDistances(trainOutputs[output]!, outputs[output]!);
        const { weights, bias, alpha } = fitted.classifiers[s]!;
        return outputs[output]!.map((x, i) => {
          const inputs = [...(s === 0 ? pooled(x, SIZE, 4, alpha) : x), ...near[i]!];
          expect(weights).toHaveLength(inputs.length * K);
          const p = softmax(
            Array.from(bias, (b, c) =>
              inputs.reduce((sum, v, d) => sum + v * weights[d * K + c]!, b),
            ),
          );
          return { p, means: softmax(near[i]!.map((d) => -d)) };
        });
      });
    const ofTest = both(testOutputs);
    for (let s = 0; s < 2; s++)
      ofTest[s]!.forEach(({ p, means }, i) => {
        const at = s * test.count + i;
        expect(test.confidence[at]).toBeCloseTo(Math.max(...p), 4);
        expect(test.second!.confidence[at]).toBeCloseTo(Math.max(...means), 4);
        expect(p[test.prediction[at]!]).toBeCloseTo(Math.max(...p), 4);
        expect(means[test.second!.prediction[at]!]).toBeCloseTo(Math.max(...means), 4);
      });
    const explanation = await engine.explain(imageAt(dataset.test, dataset.shape, 4));
    for (let s = 0; s < 2; s++) {
      expect(explanation.confidence[s]).toBeCloseTo(confidences(test, s)[4]!, 6);
      const near = scaledDistances(trainOutputs[s]!, testOutputs[s]!)[4]!;
      near.forEach((d, c) => expect(explanation.normalised![s * K + c]).toBeCloseTo(d, 4));
      ofTest[s]![4]!.p.forEach((p, c) =>
        expect(explanation.probability[s * K + c]).toBeCloseTo(p, 4),
      );
    }
  });

  it('counts distances and linear layers at every exit that is visited', async () => {
    const { test } = await engine.run('e2cm-sdn', dataset, { epochs: 1 });
    const stage = network.stages.map(({ flops }) => flops);
    const [a, b] = [
      distanceFlops(K, 256) + denseFlops(64 + K, K),
      distanceFlops(K, 96) + denseFlops(96 + K, K),
    ];
    const first = stage[0]! + a;
    const second = first + stage[1]! + b;
    expect(test.exits.map(({ flops }) => flops)).toEqual([first, second, second + stage[2]!]);
  });

  it('keeps what both say under every rule of agreement: the rule is decided on the finished trace', async () => {
    const usual = await engine.run('e2cm-sdn', dataset, { epochs: 2 });
    for (const agreement of AGREEMENTS) {
      const { test } = await engine.run('e2cm-sdn', dataset, { epochs: 2, agreement });
      expect(pairingOf(test)).toBe(agreement);
      const said = underPairing(usual.test, agreement);
      expect({ ...test, provenance: null }).toEqual({ ...said, provenance: null });
      expect(test.provenance.options).toMatchObject({ agreement });
    }
  });

  it('streams the training trace', async () => {
    const seen: string[] = [];
    const { train, test } = await engine.run(
      'e2cm-sdn',
      dataset,
      { epochs: 1 },
      {
        onTrace: (trace) => {
          checkTrace(trace);
          expect(trace.second!.confidence).toHaveLength(trace.confidence.length);
          seen.push(`${trace.split} ${trace.count}`);
        },
      },
    );
    expect(seen).toContain(`train ${train.count}`);
    expect(seen.at(-1)).toBe(`test ${test.count}`);
  });

  it('can be saved, loaded and traced again, with the same result', async () => {
    const { test } = await engine.run('e2cm-sdn', dataset, { epochs: 1, agreement: 'or' });
    const saved = engine.save();
    const other = await start();
    const header = JSON.parse(JSON.stringify(saved.header)) as unknown;
    await other.restore('e2cm-sdn', { header, bytes: saved.bytes }, dataset);
    const again = await other.trace(dataset, 'test');
    expect(again.confidence).toEqual(test.confidence);
    expect(again.second).toEqual(test.second);
    expect(again.provenance.options).toEqual(test.provenance.options);
    other.dispose();
  });

  it('can be traced when its training was cut short', async () => {
    const controller = new AbortController();
    const cut = await start();
    const run = cut.run(
      'e2cm-sdn',
      dataset,
      { epochs: 500 },
      {
        signal: controller.signal,
        onProgress: ({ step, done }) => step === 3 && done > 10 * 400 && controller.abort(),
      },
    );
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(cut.fitted).toBe('e2cm-sdn');
    const test = await cut.trace(dataset, 'test');
    checkTrace(test);
    expect(Math.max(...confidences(test, 0))).toBeGreaterThan(1 / K);
    expect(new Set(confidences(test, 0)).size).toBeGreaterThan(10);
    cut.dispose();
  });

  it.each(['feed', 'train', 'batch', 'flush'])(
    'goes on when a worker dies at a %s, with the same result',
    async (at) => {
      const expected = await engine.run('e2cm-sdn', dataset, { epochs: 2 });
      let seen = 0;
      const broken = await start(({ type }) =>
        type === at && ++seen === 2 ? 'pulled out' : undefined,
      );
      const { test } = await broken.run('e2cm-sdn', dataset, { epochs: 2 });
      test.confidence.forEach((value, i) =>
        expect(Math.abs(value - expected.test.confidence[i]!)).toBeLessThan(0.01),
      );
      broken.dispose();
    },
  );

  it('goes on without a class that has no training image', async () => {
    const labels = dataset.train.labels.map((label) => (label === 2 ? 1 : label));
    const partial = { ...dataset, train: { ...dataset.train, labels } };
    const { test, report } = await engine.run('e2cm-sdn', partial, { epochs: 2 });
    checkTrace(test);
    expect(report.warnings.at(-1)).toMatch(/No training image of class class 2/);
    const { distance } = await engine.explain(imageAt(dataset.test, dataset.shape, 0));
    expect(distance![2]).toBe(Infinity);
  });

  it('leaves no tensors behind, and refuses an unknown rule', async () => {
    const before = await engine.tensorCounts();
    await engine.run('e2cm-sdn', dataset, { epochs: 1 });
    await engine.explain(imageAt(dataset.test, dataset.shape, 0));
    await engine.run('e2cm-sdn', dataset, { epochs: 1 });
    await engine.explain(imageAt(dataset.test, dataset.shape, 0));
    const after = await engine.tensorCounts();
    await engine.run('e2cm-sdn', dataset, { epochs: 1 });
    await engine.explain(imageAt(dataset.test, dataset.shape, 0));
    expect(await engine.tensorCounts()).toEqual(after);
    expect(before.length).toBe(after.length);
    const wrong = { agreement: 'xor' as 'or' };
    await expect(engine.run('e2cm-sdn', dataset, wrong)).rejects.toThrow(/must be one of or, and-/);
  });
});
