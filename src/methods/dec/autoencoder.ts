/** An autoencoder in training, in the worker that has the device (Xie et al. 2016, §3.2; here end to end with Adam). */
import * as tf from '@tensorflow/tfjs-core';
import type { Learner, Trained } from '../contract/learner.ts';
import { adamOn, type Adam, type AdamState } from '../parts/dense/adam.ts';
import { Stack } from '../parts/dense/stack.ts';
import { Rows } from './rows.ts';
import type { AutoencoderSettings, FedRows } from './settings.ts';

/** Weights as dense/layout.ts lays them out, and where the optimiser is. */
export type AutoencoderState = { readonly weights: Float32Array } & AdamState;

export interface Autoencoder {
  readonly settings: AutoencoderSettings;
  /** The `sizes` of an hour-glass whose middle is the embedding; with a whole state it goes on where another one stopped. */
  readonly parameters: { readonly sizes: Uint32Array } & AutoencoderStart;
  readonly feed: FedRows;
  readonly state: AutoencoderState;
  /** Images by index: those to embed, and those to reconstruct. */
  readonly question: { readonly rows?: Uint32Array; readonly strip?: Uint32Array };
  /** [n, D] and [n, inputs]. */
  readonly answer: { readonly embedding?: Float32Array; readonly reconstruction?: Float32Array };
}

export type AutoencoderStart = Pick<AutoencoderState, 'weights'> & Partial<AdamState>;

/** Loss: mean squared error an image and number of the row, summed over images. */
export function autoencoderLearner(
  settings: AutoencoderSettings,
  parameters: Autoencoder['parameters'],
): Learner<Autoencoder> {
  const sizes = [...parameters.sizes];
  const middle = (sizes.length - 1) / 2;
  const rows = new Rows(settings);
  const { weights, m, v, steps } = parameters;
  const stack = new Stack(sizes, new Set([middle - 1, sizes.length - 2]), weights);
  const adam = adamOn(stack, weights, m && v && steps && { m, v, steps });
  const perEpoch = rows.stepsPerEpoch;
  const total = settings.epochs * perEpoch;
  let step = steps?.[0] ?? 0;

  const one = (of: Uint32Array): tf.Scalar =>
    tf.tidy(() =>
      reconstructionStep(stack, adam, rows.tensor(of), rateAt(settings.rate, step, total)),
    );

  return {
    feed: (arrays) => rows.feed(arrays),
    async train(most): Promise<Trained> {
      const epoch = Math.min(settings.epochs - 1, Math.floor(step / perEpoch));
      const end = Math.min(step + most, (epoch + 1) * perEpoch, total);
      const losses: { readonly value: tf.Scalar; readonly images: number }[] = [];
      for (; step < end; step++) {
        const of = rows.ofStep(step);
        losses.push({ value: one(of), images: of.length });
      }
      let [loss, images] = [0, 0];
      for (const { value, images: n } of losses) {
        loss += (await value.data())[0]! * n;
        images += n;
        value.dispose();
      }
      return { loss, right: 0, images, steps: step, epoch: epoch + 1, isDone: step >= total };
    },
    async state() {
      return { weights: await stack.weights(), ...(await adam.state()) };
    },
    async look({ rows: some, strip }) {
      const embedding = some && (await read(() => stack.forward(rows.tensor(some), middle)));
      const reconstruction = strip && (await read(() => stack.forward(rows.tensor(strip))));
      return { ...(embedding && { embedding }), ...(reconstruction && { reconstruction }) };
    },
    dispose() {
      adam.dispose();
      stack.dispose();
    },
  };
}

/**
 * One step towards reconstructing x [B, inputs].
 * @returns the mean squared error over images and numbers before it; the caller's.
 */
export function reconstructionStep(
  stack: Stack,
  adam: Adam,
  x: tf.Tensor2D,
  rate: number,
): tf.Scalar {
  return tf.tidy(() => {
    const values = stack.forward(x);
    const apart = tf.sub(values.at(-1)!, x);
    const gradient = tf.mul<tf.Tensor2D>(apart, 2 / apart.size);
    adam.step(stack.backward(values, gradient), rate);
    return tf.mean(tf.square(apart)) as tf.Scalar;
  });
}

/** The last of some tensors as numbers. */
async function read(compute: () => readonly tf.Tensor[]): Promise<Float32Array> {
  const output = tf.tidy(() => compute().at(-1)!);
  // A copy: the cpu backend gives its own memory, and arrays are handed over.
  const values = Float32Array.from(await output.data());
  output.dispose();
  return values;
}

/** Steps at most over which the rate rises: without, Adam's first steps leave many units dead. */
const WARM_UP = 300;

/** Learning rate of one step out of `steps`: a cosine from its peak to near 0, after a rise over a tenth of them at most. */
function rateAt(peak: number, step: number, steps: number): number {
  const rise = Math.min(WARM_UP, Math.floor(steps / 10));
  const warm = Math.min(1, (step + 1) / (rise + 1));
  return warm * 0.5 * peak * (1 + Math.cos((Math.PI * step) / steps));
}
