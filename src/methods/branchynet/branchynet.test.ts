/** BranchyNet and E2CM+BranchyNet through the engine, on a network that comes with branches: against plain loops. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstImages, imageAt } from '../../core/dataset.ts';
import { convFlops, denseFlops, distanceFlops } from '../../core/flops.ts';
import { checkTrace } from '../../core/trace.ts';
import { createEngine, type Engine } from '../../engine/client/engine.ts';
import { branchyModel, convModel, testCard } from '../../engine/test-network.ts';
import { filesOf, localPort, onCpu, randomDataset } from '../../engine/test-port.ts';
import { networkFromFiles } from '../../network/files.ts';
import { loadNetwork, type Network } from '../../network/network.ts';
import { preprocess } from '../../network/preprocess.ts';

const SIZE = 16;
const K = 3;
const dataset = randomDataset(5, [SIZE, SIZE, 1], K, 300, 90);
const card = { ...testCard(SIZE, dataset.classes), id: 'small-branchy', plain: 'small' };

let files: Map<string, Uint8Array>;
let network: Network;
let engine: Engine;

const engineOn = async (of: Map<string, Uint8Array>) => {
  const made = await createEngine({ spawn: () => localPort(), backend: 'wasm', workers: 2 });
  await made.loadNetwork({ files: of });
  return made;
};

beforeAll(async () => {
  await tf.setBackend('wasm');
  files = await filesOf(branchyModel(SIZE, K), card);
  network = await loadNetwork(await networkFromFiles(files));
  engine = await engineOn(files);
});
afterAll(() => engine.dispose());

/** Logits of branches and network for a split, image-major [count][3][K]. */
async function logitsOf(images: Uint8Array, count: number): Promise<number[][][]> {
  const pixels = preprocess(images, count, dataset.shape, network.card.input);
  const outputs = network.forward(tf.tensor4d(pixels, [count, SIZE, SIZE, 1]));
  const all = [...network.branchLogits(outputs), outputs.at(-1)!];
  const values = (await Promise.all(all.map((tensor) => tensor.array()))) as number[][][];
  return Array.from({ length: count }, (_, i) => values.map((rows) => rows[i]!));
}

function entropyOf(logits: number[]): number {
  const sum = logits.reduce((total, z) => total + Math.exp(z), 0);
  return -logits.reduce((total, z) => total + (Math.exp(z) / sum) * Math.log(Math.exp(z) / sum), 0);
}

describe('a network with branches', () => {
  it('has the network of the last output, and its branches in the order in which they leave it', () => {
    const { stages, branches, plain, flops } = network.summary();
    expect(stages.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'classifier']);
    const first = convFlops([3, 3], 4, 5, [8, 8]) + denseFlops(5 * 8 * 8, K);
    expect(branches).toEqual([
      { name: 'branch1', output: 0, flops: first },
      { name: 'branch2', output: 1, flops: denseFlops(6 * 8 * 8, K) },
    ]);
    expect(plain).toBe('small');
    expect(flops).toBe(stages.reduce((sum, stage) => sum + stage.flops, 0));
  });
});

describe('BranchyNet', () => {
  it('traces labels and entropies of branches and network, filed under the network without branches', async () => {
    const { test } = await engine.run('branchynet', dataset, { epochs: 2, seed: 3 });
    checkTrace(test);
    expect(test.network).toBe('small');
    expect(test.exits.map(({ name }) => name)).toEqual(['a', 'b', 'classifier']);
    const { branches, stages, flops } = network.summary();
    expect(test.networkFlops).toBe(flops);
    expect(test.exits.map((exit) => exit.flops)).toEqual([
      stages[0]!.flops + branches[0]!.flops,
      stages[0]!.flops + stages[1]!.flops + branches[0]!.flops + branches[1]!.flops,
      flops + branches[0]!.flops + branches[1]!.flops,
    ]);
    const expected = await logitsOf(dataset.test.images, dataset.test.count);
    expected.forEach((exits, i) =>
      exits.forEach((logits, j) => {
        const at = j * test.count + i;
        expect(test.confidence[at]).toBeCloseTo(entropyOf(logits), 4);
        expect(test.prediction[at]).toBe(logits.indexOf(Math.max(...logits)));
      }),
    );
    const one = await engine.explain(imageAt(dataset.test, dataset.shape, 7));
    expect(one.confidence[1]).toBeCloseTo(test.confidence[test.count + 7]!, 5);
  });

  it('says why it cannot run a network without branches', async () => {
    const other = await engineOn(
      await filesOf(convModel(SIZE, [['a', 4, 2]], K), testCard(SIZE, dataset.classes)),
    );
    await expect(other.run('branchynet', dataset)).rejects.toThrow(
      /small has no branches: .* Choose the recorded run/s,
    );
    other.dispose();
  });
});

describe('E2CM+BranchyNet', () => {
  it('pays for distances beside the branches', async () => {
    const { test } = await engine.run('e2cm-branchynet', dataset, {});
    const { branches, stages } = network.summary();
    expect(test.exits[0]!.flops).toBe(
      stages[0]!.flops + branches[0]!.flops + distanceFlops(K, SIZE * SIZE * 4),
    );
    expect(test.network).toBe('small');
  });

  it('keeps what branch and class means say, each as alone', async () => {
    const { test, fitted } = await engine.run('e2cm-branchynet', dataset, {});
    checkTrace(test);
    const branchy = await engine.run('branchynet', dataset, {});
    const e2cm = await engine.run('e2cm', dataset, {});
    for (let at = 0; at < 2 * test.count; at++) {
      const sure = Math.log(K) - branchy.test.confidence[at]!;
      expect(test.confidence[at]).toBeCloseTo(Math.max(0, sure), 5);
      expect(test.prediction[at]).toBe(branchy.test.prediction[at]);
      expect(test.second!.confidence[at]).toBeCloseTo(e2cm.test.confidence[at]!, 5);
      expect(test.second!.prediction[at]).toBe(e2cm.test.prediction[at]);
    }
    expect(fitted.isNormalised).toBe(true);
  });

  it('is the same after it was saved and loaded', async () => {
    const { test } = await engine.run('e2cm-branchynet', dataset, { agreement: 'or' });
    const saved = engine.save();
    const other = await engineOn(files);
    await other.restore('e2cm-branchynet', saved, dataset);
    const again = await other.trace(dataset, 'test');
    expect(again.confidence).toEqual(test.confidence);
    expect(again.second).toEqual(test.second);
    other.dispose();
  });
});

describe('on a network without branches, where convolutions can be trained', () => {
  const few = { ...dataset, train: firstImages(dataset.train, dataset.shape, 60) };
  const plain = async () => {
    const layers = [
      ['a', 4, 1],
      ['b', 6, 2],
      ['c', 9, 2],
    ] as const;
    const made = await createEngine({
      spawn: () => localPort(undefined, onCpu),
      backend: 'wasm',
      workers: 1,
    });
    await made.loadNetwork({
      files: await filesOf(convModel(SIZE, layers, K), testCard(SIZE, dataset.classes)),
    });
    return made;
  };

  it('trains network and branches here, traces, explains, saves and loads them', async () => {
    const here = await plain();
    const losses: number[] = [];
    const { train, test, fitted } = await here.run(
      'branchynet',
      few,
      { epochs: 2, seed: 3 },
      { onTraining: ({ loss }) => losses.push(loss) },
    );
    checkTrace(test);
    expect(test.exits).toHaveLength(3);
    expect(test.network).toBe('small');
    expect(train.provenance.trainImages).toBe(60);
    expect(fitted.epochs).toBe(2);
    expect(losses.length).toBeGreaterThan(0);
    const one = await here.explain(imageAt(dataset.test, dataset.shape, 7));
    expect(one.confidence[0]).toBeCloseTo(test.confidence[7]!, 4);
    const saved = here.save();
    // Another method sees the network that was loaded, not the one that was trained.
    const e2cm = await here.run('e2cm', few, {});
    expect(e2cm.test.exits).toHaveLength(4);
    const other = await plain();
    await other.restore('branchynet', saved, few);
    expect((await other.trace(few, 'test')).confidence).toEqual(test.confidence);
    other.dispose();
    here.dispose();
  });

  it('takes class means of what it has trained', async () => {
    const here = await plain();
    const { test } = await here.run('e2cm-branchynet', few, { epochs: 1, seed: 3 });
    checkTrace(test);
    const saved = here.save();
    const other = await plain();
    await other.restore('e2cm-branchynet', saved, few);
    const again = await other.trace(few, 'test');
    again.confidence.forEach((value, i) => expect(value).toBeCloseTo(test.confidence[i]!, 4));
    other.dispose();
    here.dispose();
  });
});
