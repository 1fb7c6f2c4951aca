/**
 * DEC's refinement in the worker that has the device (Xie et al. 2016, §3.1): the encoder and the cluster centres descend
 * KL(P‖Q), P being a target that is made anew every few steps from Q, the soft assignments, over all images.
 * The encoder runs on tensors; assignments of ten clusters in ten dimensions are plain arithmetic in float64.
 */
import * as tf from '@tensorflow/tfjs-core';
import { hardLabels, softAssignment, targetDistribution } from '../../core/clustering/student.ts';
import type { Arrays } from '../contract/arrays.ts';
import type { Learner, LearnerFactory, Trained } from '../contract/learner.ts';
import { Stack } from '../parts/dense/stack.ts';
import { Refiner } from './refiner.ts';
import { Rows } from './rows.ts';
import { readSettings, ROW_NAMES, type RefinementSettings } from './settings.ts';

/** Rows that are embedded at once. */
const CHUNK = 1024;

/**
 * Settings: `RefinementSettings`. Parameters: `sizes` uint32 of the encoder, `weights` float32, `centres` [K, D], `labels`
 * [rows] that the first target's are compared with. with what else `state` gave, it goes on where another one
 * stopped. Feed: `rows` and `place`. An epoch is what lies between two targets. Loss: KL divergence an image in nats,
 * summed over images, before each step. State: `weights`, `centres`, `labels`, `target` [rows, K], `velocity`,
 * `centreVelocity` [K, D], `steps` [1], `changed` [1].
 * Look: nothing → `labels` of all rows at the last target and `changed` [1], the share that it changed; with `rows` uint32
 * also their `embedding` [n, D] now; with `layer` [1] and `rows` the `output` of that layer (1: of the first).
 */
export const refinementLearner = ((given, parameters): Learner => {
  const settings = readSettings<RefinementSettings>(given, [
    ...ROW_NAMES,
    ...(['clusters', 'rate', 'momentum', 'interval', 'tolerance', 'steps'] as const),
  ]);
  const { clusters, rate, interval, tolerance, steps: total } = settings;
  const sizes = [...(parameters.sizes as Uint32Array)];
  const dimensions = sizes.at(-1)!;
  const rows = new Rows(settings);
  const weights = parameters.weights as Float32Array;
  const stack = new Stack(sizes, new Set([sizes.length - 2]), weights);
  const refiner = new Refiner(stack, settings.momentum, parameters);
  const { centres } = refiner;
  let labels: Uint8Array = (parameters.labels as Uint8Array).slice();
  let target = (parameters.target as Float32Array | undefined) ?? new Float32Array(0);
  let changed = parameters.changed?.[0] ?? 1;
  let step = parameters.steps?.[0] ?? 0;
  let isSettled = false;

  const embed = async (some: ArrayLike<number>, layers = stack.layers): Promise<Float32Array> => {
    const output = tf.tidy(() => stack.forward(rows.tensor(some), layers).at(-1)!);
    const values = Float32Array.from(await output.data());
    output.dispose();
    return values;
  };

  /** Assigns all images, makes the target of them, and tells how many went to another cluster. */
  const aim = async (): Promise<void> => {
    const q = new Float32Array(settings.rows * clusters);
    for (const { from, rows: some } of rows.chunks(CHUNK))
      q.set(softAssignment(await embed(some), centres, dimensions), from * clusters);
    target = Float32Array.from(targetDistribution(q, clusters));
    const now = hardLabels(q, clusters);
    changed = now.reduce((sum, label, i) => sum + (label === labels[i] ? 0 : 1), 0) / now.length;
    labels = now;
  };

  const one = async (of: Uint32Array): Promise<number> => {
    const p = new Float32Array(of.length * clusters);
    of.forEach((row, i) =>
      p.set(target.subarray(row * clusters, (row + 1) * clusters), i * clusters),
    );
    const x = rows.tensor(of);
    const loss = await refiner.step(x, p, rate);
    x.dispose();
    return loss;
  };

  return {
    feed: (arrays) => rows.feed(arrays),
    async train(most): Promise<Trained> {
      const epoch = Math.floor(step / interval) + 1;
      let [loss, images] = [0, 0];
      if (step % interval === 0 && !isSettled && step < total) {
        await aim();
        isSettled = step > 0 && changed < tolerance;
      }
      const end = isSettled ? step : Math.min(step + most, epoch * interval, total);
      for (; step < end; step++) {
        const of = rows.ofStep(step);
        loss += (await one(of)) * of.length;
        images += of.length;
      }
      const isDone = isSettled || step >= total;
      // The labels are those of the encoder as it is in the end.
      if (isDone && !isSettled) await aim();
      return { loss, right: 0, images, steps: step, epoch, isDone };
    },
    async state(): Promise<Arrays> {
      return {
        ...(await refiner.state()),
        labels: labels.slice(),
        target: target.slice(),
        steps: Float64Array.of(step),
        changed: Float32Array.of(changed),
      };
    },
    async look({ rows: some, layer }): Promise<Arrays> {
      const arrays: Arrays = { labels: labels.slice(), changed: Float32Array.of(changed) };
      if (some && layer) return { ...arrays, output: await embed(some, layer[0]) };
      return some ? { ...arrays, embedding: await embed(some), centres: centres.slice() } : arrays;
    },
    dispose() {
      refiner.dispose();
      stack.dispose();
    },
  };
}) satisfies LearnerFactory;
