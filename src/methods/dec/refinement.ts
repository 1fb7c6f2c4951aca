/**
 * DEC's refinement in the worker that has the device (Xie et al. 2016, §3.1): the encoder and the cluster centres descend
 * KL(P‖Q), P being a target that is made anew every few steps from Q, the soft assignments, over all images.
 * The encoder runs on tensors; assignments of ten clusters in ten dimensions are plain arithmetic in float64.
 */
import * as tf from '@tensorflow/tfjs-core';
import { hardLabels, softAssignment, targetDistribution } from '../../core/clustering/student.ts';
import type { Learner, Trained } from '../contract/learner.ts';
import { Stack } from '../parts/dense/stack.ts';
import { Refiner, type RefinerState } from './refiner.ts';
import { Rows } from './rows.ts';
import type { FedRows, RefinementSettings } from './settings.ts';

/** Rows that are embedded at once. */
const CHUNK = 1024;

export type RefinementState = RefinerState & {
  /** Clusters of all rows at the last target. */
  readonly labels: Uint8Array;
  /** P [rows, K]. */
  readonly target: Float32Array;
  readonly steps: Float64Array;
  /** Share of the labels that the last target changed [1]. */
  readonly changed: Float32Array;
};

export interface Refinement {
  readonly settings: RefinementSettings;
  /** The encoder's `sizes` and weights, centres, and the labels that the first target's are compared with; with the rest of a state it goes on where another one stopped. */
  readonly parameters: { readonly sizes: Uint32Array } & RefinementStart;
  readonly feed: FedRows;
  readonly state: RefinementState;
  /** Some rows; and with `layer` [1], the layer whose output is asked for (1: of the first). */
  readonly question: { readonly rows?: Uint32Array; readonly layer?: Uint32Array };
  /** Of all rows the labels at the last target; of the rows asked for the embedding [n, D] now, or the layer's output. */
  readonly answer: Pick<RefinementState, 'labels' | 'changed'> & {
    readonly embedding?: Float32Array;
    readonly centres?: Float32Array;
    readonly output?: Float32Array;
  };
}

export type RefinementStart = Pick<RefinementState, 'weights' | 'centres' | 'labels'> &
  Partial<RefinementState>;

/**
 * An epoch is what lies between two targets. Loss: KL divergence an image in nats, summed over images, before each step.
 */
export function refinementLearner(
  settings: RefinementSettings,
  parameters: Refinement['parameters'],
): Learner<Refinement> {
  const { clusters, rate, interval, tolerance, steps: total } = settings;
  const sizes = [...parameters.sizes];
  const dimensions = sizes.at(-1)!;
  const rows = new Rows(settings);
  const stack = new Stack(sizes, new Set([sizes.length - 2]), parameters.weights);
  const refiner = new Refiner(stack, settings.momentum, parameters);
  const { centres } = refiner;
  let labels: Uint8Array = parameters.labels.slice();
  let target = parameters.target ?? new Float32Array(0);
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
    async state() {
      return {
        ...(await refiner.state()),
        labels: labels.slice(),
        target: target.slice(),
        steps: Float64Array.of(step),
        changed: Float32Array.of(changed),
      };
    },
    async look({ rows: some, layer }) {
      const arrays = { labels: labels.slice(), changed: Float32Array.of(changed) };
      if (some && layer) return { ...arrays, output: await embed(some, layer[0]) };
      return some ? { ...arrays, embedding: await embed(some), centres: centres.slice() } : arrays;
    },
    dispose() {
      refiner.dispose();
      stack.dispose();
    },
  };
}
