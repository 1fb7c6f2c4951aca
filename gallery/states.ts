/** The situations in which panels are looked at, each a scene of its own. */
import type { Trace } from '../src/core/trace.ts';
import { frontierSearch } from '../src/core/search/best.ts';
import { lookup } from '../src/core/search/lookup.ts';
import { generateStrokes } from '../src/data/strokes/index.ts';
import { curveOf, type Curve } from '../src/state/scene/curve.ts';
import { fixtureScene } from '../src/state/scene/fixture.ts';
import type { Scene } from '../src/state/scene/scene.ts';
import { madeExplanation } from './explanation.ts';
import { madeTrace, type Wish } from './traces.ts';

export interface State {
  readonly id: string;
  /** What is the case, in a few words. */
  readonly title: string;
  /** Whose page it is on. */
  readonly of: Scene['id'];
  /** Made when it is drawn: a search takes a second. */
  readonly scene: () => Scene;
}

const TEST = 600;
const TRAIN = 900;
const dataset = generateStrokes({ seed: 1, train: TRAIN, test: TEST });
/** The image that is told of. */
export const IMAGE = 7;

const hundred = Array.from({ length: 100 }, (_, k) => `class ${k}`);

/** What a finished search has found on the tuning trace. */
function searched(tuning: Trace): Curve {
  const found = [...frontierSearch(lookup(tuning, 'above'), { most: 24 })].flatMap((step) => [
    ...step.found,
  ]);
  return curveOf('frontier', 'above', tuning, found, { done: 1, seconds: 1 });
}

/** A finished run with its curve, its images and one image's story. */
export function finished(wish: Wish): Scene {
  const [test, train] = [madeTrace(dataset, wish), madeTrace(dataset, { ...wish, split: 'train' })];
  const curve = searched(train);
  const stop = curve.stops[curve.defaultStop]!;
  return fixtureScene([test, train], {
    shown: {
      curves: { frontier: curve },
      policy: { rule: 'above', thresholds: stop.thresholds },
      source: 'default',
      isResting: true,
    },
    run: { dataset },
    selection: { image: IMAGE },
    story: { image: IMAGE, explanation: madeExplanation(test, IMAGE) },
  });
}

const clusterNames = ['DEC-small', 'DEC-middle', 'DEC-large'];

function clusters(): Scene {
  const wish: Wish = {
    ...{ exits: 3, method: 'dec', names: clusterNames },
    options: { labelled: false },
  };
  const [test, train] = [madeTrace(dataset, wish), madeTrace(dataset, { ...wish, split: 'train' })];
  const curve = searched(train);
  return fixtureScene(
    [test, train],
    {
      shown: {
        curves: { frontier: curve },
        policy: { rule: 'above', thresholds: curve.stops[curve.defaultStop]!.thresholds },
        source: 'default',
        isResting: true,
      },
      run: { dataset: { ...dataset, labelled: false } },
    },
    'clusters',
  );
}

/** A run of classifiers that was stopped in the middle of its training and then of its test images. */
function cutShort(): Scene {
  const whole = madeTrace(dataset, { exits: 7, method: 'sdn' });
  return fixtureScene([{ ...whole, total: 4 * TEST }], {
    run: {
      status: 'cancelled',
      dataset,
      canTrace: true,
      cutShort: true,
      training: whole.exits.slice(0, -1).map(({ name }, j) => ({
        ...{ exit: name, epoch: 3, epochs: 6, done: 400, total: TRAIN },
        ...{ loss: 1.2 - 0.1 * j, accuracy: 0.55 + 0.05 * j },
        history: [
          { loss: 2.1 - 0.1 * j, accuracy: 0.3 + 0.04 * j },
          { loss: 1.6 - 0.1 * j, accuracy: 0.45 + 0.05 * j },
        ],
      })),
    },
  });
}

/** Traces are there, but no image, no story and no search: each says why. */
function failed(): Scene {
  return fixtureScene([madeTrace(dataset, { exits: 10 })], {
    run: { status: 'failed' },
    selection: { image: IMAGE },
    story: {
      image: IMAGE,
      problem: 'The engine was lost with what it had learnt. Run again to see this image’s story.',
    },
    searches: {
      answer: 'No policy of this curve costs 0.05 or less; the cheapest costs 0.100.',
      certificate: 'Risk control needs complete traces of both splits. Run to the end first.',
    },
  });
}

const of = 'fixture';

export const states: readonly State[] = [
  { id: 'two', title: 'two exits', of, scene: () => finished({ exits: 2 }) },
  { id: 'ten', title: 'ten exits', of, scene: () => finished({ exits: 10 }) },
  { id: 'fifty-two', title: '52 exits', of, scene: () => finished({ exits: 52 }) },
  {
    ...{ id: 'hundred', title: 'a hundred classes', of },
    scene: () => finished({ exits: 6, classes: hundred }),
  },
  { id: 'unlabelled', title: 'clusters without labels', of: 'clusters', scene: clusters },
  { id: 'empty', title: 'nothing yet', of, scene: () => fixtureScene([]) },
  { id: 'cut-short', title: 'cut short', of, scene: cutShort },
  { id: 'failed', title: 'failed', of, scene: failed },
];
