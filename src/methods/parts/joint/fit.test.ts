/** Joint training through the engine's workers, on tfjs's cpu backend: it learns, stops, fails and frees. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { Pool } from '../../../engine/client/pool.ts';
import { convModel, testCard } from '../../../engine/test-network.ts';
import {
  filesOf,
  localPort,
  onCpu,
  randomDataset,
  type Sabotage,
} from '../../../engine/test-port.ts';
import { withBranches } from '../../../network/branches.ts';
import { networkFromFiles, type NetworkFiles } from '../../../network/files.ts';
import { layersModel } from '../../../network/model.ts';
import type { Runner } from '../../contract/runner.ts';
import type { Training } from '../../contract/training.ts';
import { own as branchynet } from '../../branchynet/own.ts';
import { Phases } from '../../run/phases.ts';
import { trainJointly, type JointlyTrained, type JointPlan } from './fit.ts';

const SIZE = 6;
const K = 3;
const IMAGES = 40;
const random = randomDataset(7, [SIZE, SIZE, 1], K, IMAGES, 10);
/** Classes that stand apart, so that a few epochs suffice. */
const dataset = {
  ...random,
  train: {
    ...random.train,
    images: random.train.images.map(
      (pixel, at) => pixel / 4 + 90 * random.train.labels[Math.floor(at / SIZE ** 2)]!,
    ),
  },
};
let files: NetworkFiles;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const net = convModel(
    SIZE,
    [
      ['a', 4, 1],
      ['b', 4, 2],
      ['c', 4, 1],
    ],
    K,
  );
  files = await networkFromFiles(await filesOf(net, testCard(SIZE, dataset.classes)));
});

/** A pool of one worker and a runner on it, as the engine makes one. */
async function start(sabotage?: Sabotage): Promise<{ pool: Pool; runner: Runner }> {
  const pool = await Pool.start({
    backend: 'wasm',
    workers: 1,
    spawn: () => localPort(sabotage, onCpu),
    onStatus: () => undefined,
  });
  const runner = pool.runner(await pool.load(files), files, dataset.shape);
  return { pool, runner };
}

const planOf = (
  context: JointPlan['context'],
  options: Partial<JointPlan['options']> = {},
): JointPlan => ({
  learner: branchynet.learner('joint'),
  dataset: dataset.id,
  classes: dataset.classes,
  train: dataset.train,
  shape: dataset.shape,
  options: { epochs: 2, seed: 3, batch: 16, crop: 1, ...options },
  context,
});

const numbersOf = (of: NetworkFiles) => new Float32Array(of.data);

const never = () => expect.unreachable();

/** Accuracy of each exit in inference mode, with the running averages. */
async function accuracies(of: NetworkFiles): Promise<number[]> {
  const model = await layersModel(of);
  const { images, labels, count } = dataset.train;
  const x = Float32Array.from(images, (pixel) => (pixel / 255 - 0.5) / 0.5);
  const outputs = model.predict(tf.tensor4d(x, [count, SIZE, SIZE, 1])) as tf.Tensor[];
  return outputs.map((logits) => {
    const found = tf.argMax(logits, -1).dataSync();
    return labels.filter((label, i) => label === found[i]).length / count;
  });
}

describe('joint training', () => {
  it('learns at every exit, tells how, and gives the same weights again', async () => {
    const { pool, runner } = await start();
    const seen: Training[] = [];
    const phases = new Phases([{ phase: 'training', images: 12 * IMAGES }], undefined);
    const options = { epochs: 12 };
    const onTraining = (training: Training) => seen.push(training);
    const plan = { ...planOf({ runner, onTraining }, options), phases };
    const trained = await trainJointly(plan, never);
    expect(trained.epochs).toBe(12);
    expect(trained.files.card).toMatchObject({ id: 'small', epochs: 12, seed: 3, trainImages: 40 });
    const ends = seen.filter(({ done, total }) => done === total);
    expect(ends.map(({ exit }) => exit).slice(0, 3)).toEqual(['branch1', 'branch2', 'classifier']);
    expect(ends).toHaveLength(36);
    for (const e of [0, 1, 2]) expect(ends.at(e - 3)!.loss).toBeLessThan(0.8 * ends[e]!.loss);
    for (const accuracy of await accuracies(trained.files)) expect(accuracy).toBeGreaterThan(0.6);
    expect(phases.times[0]).toMatchObject({ phase: 'training', images: 480 });
    const again = await trainJointly(planOf({ runner }, options), never);
    expect(numbersOf(again.files)).toEqual(numbersOf(trained.files));
    pool.dispose();
  });

  it('frees all tensors, whether it ends or not', async () => {
    const { pool, runner } = await start();
    const before = await pool.tensorCounts();
    await trainJointly(planOf({ runner }), never);
    const controller = new AbortController();
    const onTraining = () => controller.abort();
    const plan = planOf({ runner, signal: controller.signal, onTraining });
    await expect(trainJointly(plan, () => undefined)).rejects.toThrow();
    expect(await pool.tensorCounts()).toEqual(before);
    pool.dispose();
  });

  it('hands over what is learnt when it is cancelled in the middle of an epoch', async () => {
    const { pool, runner } = await start();
    const controller = new AbortController();
    const kept: JointlyTrained[] = [];
    const onTraining = ({ epoch, done }: Training) => {
      if (epoch === 2 || done < IMAGES) controller.abort();
    };
    const plan = planOf({ runner, signal: controller.signal, onTraining }, { epochs: 50 });
    await expect(trainJointly(plan, (of) => kept.push(of))).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(kept).toHaveLength(1);
    expect(kept[0]!.epochs).toBeGreaterThan(0);
    expect(kept[0]!.epochs).toBeLessThanOrEqual(2);
    const fresh = withBranches(files, runner.network, 3);
    expect(numbersOf(kept[0]!.files)).not.toEqual(numbersOf(fresh));
    await expect(accuracies(kept[0]!.files)).resolves.toHaveLength(3);
    pool.dispose();
  });

  it('says when the loss is not a number and keeps the last good epoch', async () => {
    const { pool, runner } = await start();
    const kept: JointlyTrained[] = [];
    // One step an epoch: the first is survived, and leaves weights whose products are too large.
    const options = { epochs: 4, batch: IMAGES, rate: 1e30 };
    await expect(trainJointly(planOf({ runner }, options), (of) => kept.push(of))).rejects.toThrow(
      'The loss is not a number in epoch 2: the weights have run away. Choose a lower learning rate; what the epochs ' +
        'before have learnt is kept.',
    );
    expect(kept[0]!.epochs).toBe(1);
    expect(numbersOf(kept[0]!.files).every(Number.isFinite)).toBe(true);
    const controller = new AbortController();
    const context = { runner, signal: controller.signal, onTraining: () => controller.abort() };
    const stopped = trainJointly(planOf(context, options), (of) => kept.push(of));
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(numbersOf(kept[0]!.files)).toEqual(numbersOf(kept[1]!.files));
    pool.dispose();
  });

  it('says when its worker is lost and keeps the last whole epoch', async () => {
    let seen = 0;
    const { pool, runner } = await start(({ type }) =>
      type === 'train' && ++seen === 9 ? 'no memory' : undefined,
    );
    const kept: JointlyTrained[] = [];
    const plan = planOf({ runner }, { epochs: 100 });
    await expect(trainJointly(plan, (of) => kept.push(of))).rejects.toThrow(
      'The worker that trains was lost (no memory). Choose a smaller batch',
    );
    expect(Number.isInteger(kept[0]!.epochs)).toBe(true);
    pool.dispose();
  });

  it.each([
    [{ epochs: 0 }, 'needs a whole number of epochs, 1 or more; 0 came'],
    [{ batch: 1.5 }, 'needs a whole number of batch'],
    [{ rate: 0 }, 'The learning rate must be above 0; 0 came.'],
    [{ seed: -1 }, 'The seed must be a whole number, 0 or more; -1 came.'],
  ])('refuses %j in a sentence', async (options, sentence) => {
    const { pool, runner } = await start();
    await expect(trainJointly(planOf({ runner }, options), never)).rejects.toThrow(sentence);
    pool.dispose();
  });

  it('says where it cannot train, and when the images are too many or of other classes', async () => {
    const { pool, runner } = await start();
    const without = { ...runner, backend: 'CPU · wasm ×2', trainsConvolutions: false };
    await expect(trainJointly(planOf({ runner: without }), never)).rejects.toThrow(
      'CPU · wasm ×2 has no gradients of convolutions, so BranchyNet cannot be trained here: that needs WebGPU.',
    );
    const huge = { ...dataset.train, count: 2 ** 26 };
    await expect(trainJointly({ ...planOf({ runner }), train: huge }, never)).rejects.toThrow(
      '67108864 images take 2304 MB in the worker, which keeps 1024 MB at most',
    );
    const other = { ...planOf({ runner }), classes: ['x', 'y'] };
    await expect(trainJointly(other, never)).rejects.toThrow(
      'tells 3 classes apart, the dataset has 2',
    );
    pool.dispose();
  });
});
