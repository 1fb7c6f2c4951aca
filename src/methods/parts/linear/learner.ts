/** A linear classifier in training: keeps features, walks through them in a new order every epoch. */
import { mixSeeds, randomFrom } from '../../../core/random.ts';
import type { Learner, LearnerRef, Lesson, Trained } from '../../contract/learner.ts';
import { LinearModel } from './model.ts';
import {
  DROP,
  featureBytes,
  stepsOf,
  type LinearArrays,
  type LinearSettings,
  type LinearShape,
  type LinearWeights,
} from './settings.ts';

export interface Linear {
  readonly settings: LinearSettings;
  readonly parameters: LinearArrays;
  readonly feed: {
    /** Halves [n, width], of images `place[0]` on and numbers `place[1]` on of their rows. */
    readonly rows: Uint16Array;
    readonly place: Uint32Array;
    /** [n]. */
    readonly labels: Uint8Array;
  };
  readonly state: LinearArrays;
}

/** @throws Error with a sentence when there is no memory for the features. */
export const linearLearner = (settings: LinearSettings, { weights, bias, alpha }: LinearArrays) => {
  const { mixed, plain, classes, images, epochs, batch, rate, seed } = settings;
  const shape = { mixed, plain, classes };
  let model: LinearModel;
  try {
    model = new LinearModel(shape, images, batch, { weights, bias, alpha: alpha[0]! });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const megabytes = Math.ceil(featureBytes(shape, images) / 2 ** 20);
    throw new Error(
      `There is no memory for the ${megabytes} MB of features of ${images} images; choose fewer training images.`,
      { cause: error },
    );
  }
  const labels = new Uint8Array(images);
  const order = Uint32Array.from({ length: images }, (_, i) => i);
  const perEpoch = stepsOf({ images, batch });
  const total = epochs * perEpoch;
  let step = 0;

  return {
    feed({ rows, labels: of, place }) {
      const [from, column] = [place[0]!, place[1]!];
      const count = of.length;
      labels.set(of, from);
      const width = rows.length / count;
      for (let i = 0; i < count; i++)
        model.keep(from + i, column, rows.subarray(i * width, (i + 1) * width));
    },
    train(most): Trained {
      const epoch = Math.floor(step / perEpoch);
      const end = Math.min(step + most, (epoch + 1) * perEpoch, total);
      if (step % perEpoch === 0 && step < end) shuffle(order, mixSeeds(seed, epoch));
      let [loss, right, seen] = [0, 0, 0];
      for (; step < end; step++) {
        const at = (step % perEpoch) * batch;
        const rows = order.subarray(at, Math.min(images, at + batch));
        const of = Uint8Array.from(rows, (row) => labels[row]!);
        const result = model.step(rows, of, step < DROP.at * total ? rate : rate * DROP.to);
        loss += result.loss;
        right += result.right;
        seen += rows.length;
      }
      return { loss, right, images: seen, steps: step, epoch: epoch + 1, isDone: step === total };
    },
    state() {
      const { weights, bias, alpha } = model.get();
      return { weights, bias, alpha: Float32Array.of(alpha) };
    },
  } satisfies Learner<Linear>;
};

/** What to send a worker so that it trains a linear classifier. */
export function linearLesson(
  learner: LearnerRef<Linear>,
  settings: LinearSettings,
  { weights, bias, alpha }: LinearWeights,
): Lesson<Linear> {
  return { learner, settings, parameters: { weights, bias, alpha: Float32Array.of(alpha) } };
}

/** Initial weights as PyTorch's `nn.Linear` draws them, uniform in ±1/√inputs, and α uniform in [0, 1) where there is anything to mix. */
export function initialWeights(shape: LinearShape, seed: number) {
  const random = randomFrom(seed);
  const inputs = shape.mixed + shape.plain;
  const bound = 1 / Math.sqrt(inputs);
  const draw = (length: number) => Float32Array.from({ length }, () => (2 * random() - 1) * bound);
  const alpha = random();
  return {
    alpha: shape.mixed > 0 ? alpha : 0,
    weights: draw(inputs * shape.classes),
    bias: draw(shape.classes),
  };
}

/** Fisher–Yates. */
function shuffle(order: Uint32Array, seed: number): void {
  const random = randomFrom(seed);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
}
