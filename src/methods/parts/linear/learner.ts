/** A linear classifier in training: keeps features, walks through them in a new order every epoch. */
import { mixSeeds, randomFrom } from '../../../core/random.ts';
import type { Learner, LearnerFactory, Lesson, Trained } from '../../contract/learner.ts';
import { LinearModel } from './model.ts';
import { DROP, featureBytes, stepsOf, type LinearSettings, type LinearShape } from './settings.ts';

/**
 * Settings: those of `LinearSettings`. Parameters: `weights` float32 [inputs, K], `bias` float32 [K], `alpha`
 * float32 [1]. Feed: `rows` uint16 halves [n, width] for images `from` on and numbers `column` on of their rows, and
 * `labels` uint8 [n]. State: as the parameters.
 * @throws Error with a sentence when there is no memory for the features.
 */
export const linearLearner = ((settings, parameters) => {
  const { mixed, plain, classes, images, epochs, batch, rate, seed } = readSettings(settings);
  const shape = { mixed, plain, classes };
  let model: LinearModel;
  try {
    model = new LinearModel(shape, images, batch, {
      weights: parameters.weights as Float32Array,
      bias: parameters.bias as Float32Array,
      alpha: (parameters.alpha as Float32Array)[0]!,
    });
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
      const [from, column] = place as Uint32Array as unknown as [number, number];
      const count = of!.length;
      labels.set(of as Uint8Array, from);
      const width = rows!.length / count;
      for (let i = 0; i < count; i++)
        model.keep(from + i, column, (rows as Uint16Array).subarray(i * width, (i + 1) * width));
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
  } satisfies Learner;
}) satisfies LearnerFactory;

/** What to send a worker so that it trains a linear classifier. */
export function linearLesson(
  settings: LinearSettings,
  start: { weights: Float32Array; bias: Float32Array; alpha: number },
): Lesson {
  return {
    learner: 'linear',
    settings: { ...settings },
    parameters: {
      weights: start.weights,
      bias: start.bias,
      alpha: Float32Array.of(start.alpha),
    },
  };
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

function readSettings(settings: Readonly<Record<string, number>>): LinearSettings {
  const read = (name: keyof LinearSettings): number => {
    const value = settings[name];
    if (value === undefined) throw new Error(`The setting ${name} of a linear learner is missing.`);
    return value;
  };
  return {
    mixed: read('mixed'),
    plain: read('plain'),
    classes: read('classes'),
    images: read('images'),
    epochs: read('epochs'),
    batch: read('batch'),
    rate: read('rate'),
    seed: read('seed'),
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
