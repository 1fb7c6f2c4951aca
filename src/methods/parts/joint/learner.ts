/** BranchyNet in training, in the worker that computes: keeps images, walks through them epoch by epoch. */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkFiles } from '../../../network/files.ts';
import type { Learner, Trained } from '../../contract/learner.ts';
import { Epoch, type Batch } from './batches.ts';
import { JointModel, type Measured } from './model.ts';
import { EXIT_WEIGHTS, rateAt, stepsPerEpoch, type JointSettings } from './settings.ts';

export interface Joint {
  readonly settings: JointSettings;
  readonly parameters: Record<never, never>;
  readonly feed: {
    /** [n, height, width, channels] and [n], of images `place[0]` on. */
    readonly images: Uint8Array;
    readonly labels: Uint8Array;
    readonly place: Uint32Array;
  };
  /** Every weight of the network by its name. */
  readonly state: { readonly [name: string]: Float32Array };
}

/**
 * Where a loss is not a number, `train` says so (loss NaN) and the weights are again those of the last whole epoch.
 * @param network with branches, as `withBranches` makes it.
 * @throws Error with a sentence when there is no memory for the images.
 */
export async function jointLearner(
  settings: JointSettings,
  _: unknown,
  network?: NetworkFiles,
): Promise<Learner<Joint>> {
  if (!network) throw new Error('Joint training needs the files of the network with branches.');
  const { height, width, channels, images: count, epochs, rate } = settings;
  const size = height * width * channels;
  const images = room(count * size, count);
  const labels = new Uint8Array(count);
  const perEpoch = stepsPerEpoch(settings);
  const total = epochs * perEpoch;
  const model = await JointModel.load(network, settings.weightDecay);
  const { input } = network.card;
  let step = 0;
  let epoch: Epoch | null = null;
  let hasFailed = false;

  const one = ({ pixels, labels: classes }: Batch): Measured => {
    const n = classes.length;
    const x = tf.tensor4d(pixels, [n, input.size, input.size, input.channels]);
    const y = tf.tensor1d(classes, 'int32');
    const measured = model.step(x, y, rateAt(rate, step, total));
    tf.dispose([x, y]);
    return measured;
  };

  return {
    feed({ images: pixels, labels: of, place }) {
      images.set(pixels, place[0]! * size);
      labels.set(of, place[0]!);
    },
    async train(most): Promise<Trained> {
      const at = Math.floor(step / perEpoch);
      const end = hasFailed ? step : Math.min(step + most, (at + 1) * perEpoch, total);
      if (step % perEpoch === 0 && step < end) {
        epoch = new Epoch(images, labels, settings, input, at);
        if (step === 0) model.remember();
      }
      const sizes: number[] = [];
      const measured: Measured[] = [];
      for (; step < end; step++) {
        const next = epoch!.next();
        sizes.push(next.labels.length);
        measured.push(one(next));
      }
      const exits = await sums(measured, sizes);
      const isEpochEnd = step % perEpoch === 0;
      let loss = exits.reduce((sum, exit, e) => sum + EXIT_WEIGHTS[e]! * exit.loss, 0);
      // The last step's own damage shows in the weights only.
      if (isEpochEnd && Number.isFinite(loss) && !(await model.isFinite())) loss = NaN;
      if (hasFailed || !Number.isFinite(loss)) {
        hasFailed = true;
        loss = NaN;
        model.recall();
      } else if (isEpochEnd) model.remember();
      return {
        loss,
        right: exits.at(-1)!.right,
        images: sizes.reduce((sum, n) => sum + n, 0),
        steps: step,
        epoch: at + 1,
        isDone: step === total,
        exits,
      };
    },
    state: () => model.state(),
    dispose: () => model.dispose(),
  };
}

/** Per exit, the sum of the images' losses and how many were labelled right; disposes of what was measured. */
async function sums(measured: readonly Measured[], sizes: readonly number[]) {
  const exits = EXIT_WEIGHTS.map(() => ({ loss: 0, right: 0 }));
  const read = await Promise.all(measured.map((tensor) => tensor.data()));
  tf.dispose([...measured]);
  read.forEach((values, i) =>
    exits.forEach((exit, e) => {
      exit.loss += values[e]! * sizes[i]!;
      exit.right += values[exits.length + e]!;
    }),
  );
  return exits;
}

function room(bytes: number, images: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    throw new Error(
      `There is no memory for the ${Math.ceil(bytes / 2 ** 20)} MB of ${images} images in the worker; choose fewer ` +
        'training images.',
      { cause: error },
    );
  }
}
