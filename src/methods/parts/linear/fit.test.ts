/** What becomes of a training when a loss is not a number: on a runner made up for it. */
import { describe, expect, it } from 'vitest';
import type { Lesson, RemoteLearner, Trained } from '../../contract/learner.ts';
import type { Pass, Runner } from '../../contract/runner.ts';
import type { NetworkCard } from '../../../network/card.ts';
import { own as sdn } from '../../sdn/own.ts';
import { Phases } from '../../run/phases.ts';
import { trainClassifiers, type Trainees } from './fit.ts';
import { initialWeights, linearLearner, type Linear } from './learner.ts';
import { LINEAR_DEFAULTS } from './settings.ts';

const IMAGES = 64;
const shape = { mixed: 0, plain: 4, classes: 2 };
const split = {
  images: new Uint8Array(IMAGES),
  labels: Uint8Array.from({ length: IMAGES }, (_, i) => i % 2),
  count: IMAGES,
};

/** Learners on this thread; `distort` sees what each call of the n-th learner gave. */
function localRunner(distort: (n: number, trained: Trained) => Trained): Runner {
  let opened = 0;
  const teach = (
    _: number,
    { settings, parameters }: Lesson<Linear>,
  ): Promise<RemoteLearner<Linear>> => {
    const learner = linearLearner(settings, parameters);
    const n = opened++;
    return Promise.resolve({
      isLost: false,
      feed: (arrays) => Promise.resolve(learner.feed(arrays)),
      train: (steps) => Promise.resolve(distort(n, learner.train(steps))),
      state: () => Promise.resolve(learner.state()),
      look: () => Promise.reject(new Error('There is nothing to see.')),
      close: () => undefined,
    });
  };
  return {
    network: {
      id: 'n',
      classes: [],
      stages: [],
      exits: [],
      branches: [],
      plain: null,
      scores: 'logits',
      embedding: null,
      clustering: null,
      epochs: 0,
      seed: 0,
      trainedOn: 0,
      flops: 1,
      parameters: 0,
      weightBytes: 0,
      widest: 0,
    },
    files: { card: {} as NetworkCard, topology: {}, weights: [], data: new ArrayBuffer(0) },
    backend: 'none',
    trainsConvolutions: false,
    places: () => 2,
    run: (pass: Pass) => {
      pass.onBatch?.(0, IMAGES, {});
      return Promise.resolve();
    },
    teach: teach as Runner['teach'],
    withNetwork: () => Promise.reject(new Error('There is no network.')),
  };
}

function train(runner: Runner, onCutShort: (trainees: Trainees) => void) {
  const apprentices = ['early', 'late'].map((name, seed) => ({
    name,
    settings: { ...LINEAR_DEFAULTS, ...shape, images: IMAGES, epochs: 4, seed },
    start: initialWeights(shape, seed),
  }));
  const plan = [
    { phase: 'features', images: IMAGES },
    { phase: 'training', images: 4 * IMAGES },
  ];
  return trainClassifiers(
    {
      apprentices,
      split,
      learner: sdn.learner('linear'),
      pass: { kernel: { method: null, name: 'none' }, classes: 2, parameters: {} },
      onBatch: (from, count, _, feed) => {
        for (const a of [0, 1])
          feed(a, from, 0, new Uint16Array(count * 4).fill(0x3c00), split.labels);
      },
      phases: new Phases(plan, undefined),
      context: { runner },
    },
    onCutShort,
  );
}

describe('training side by side', () => {
  it('gives the weights of every classifier', async () => {
    const weights = await train(
      localRunner((_, trained) => trained),
      () => expect.unreachable(),
    );
    expect(weights.map(({ bias }) => bias.length)).toEqual([2, 2]);
  });

  it('names the exit and the epoch where a loss is not a number, and keeps the others', async () => {
    const kept: Trainees[] = [];
    const runner = localRunner((n, trained) =>
      n === 1 && trained.epoch === 3 ? { ...trained, loss: NaN } : trained,
    );
    await expect(train(runner, (trainees) => kept.push(trainees))).rejects.toThrow(
      /The loss of the classifier at late is not a number in epoch 3/,
    );
    expect(kept).toHaveLength(1);
    expect(kept[0]![0]!.epochs).toBeGreaterThan(1);
    expect(kept[0]![1]).toBeNull();
  });
});
