/** Options of methods that train something. */
import type { Made } from '../../../core/options/option.ts';
import type { ValuesOf } from '../../../core/options/schema.ts';
import { amount, whole } from '../../../core/options/kinds.ts';
import { imageOptions } from './images.ts';

const MAX_SEED = 4_294_967_295;

/** What every budget of training is to runs, whatever it counts. */
export const budget = {
  scope: 'course',
  place: 'bar',
  flag: 'budget',
  madeWith: ({ budget: given }: Made) => given?.epochs,
  idPart: (passes: number) => `${passes}ep`,
} as const;

/** Passes over the training images: the training budget. */
export const epochs = whole(6, [1, 1000], {
  ...budget,
  title: 'Epochs',
  help: 'Passes over the training images: the training budget.',
  noun: 'a whole number of epochs',
});

/** Draws the initial weights and orders the images. */
export const seed = whole(1, [0, MAX_SEED], {
  title: 'Seed',
  help: 'Draws the initial weights and orders the images.',
  scope: 'course',
  idPart: (drawn) => `seed${drawn}`,
});

/** Of methods whose network is trained jointly with its branches, from fresh weights. */
export const jointOptions = { epochs, seed, ...imageOptions };

export type JointOptions = ValuesOf<typeof jointOptions>;

/** Of methods that train classifiers on a frozen network. */
export const trainingOptions = {
  epochs,
  seed,
  ...imageOptions,
  /** Features of the training images may take so many MB (of 2²⁰ bytes); fewer images are trained on where they would not fit. */
  featureMegabytes: amount(1024, 1e6, {
    title: 'Memory for features, MB',
    help: 'Fewer images are trained on where the features of all would not fit.',
    key: 'memory',
    flag: 'memory',
  }),
};

export type TrainingOptions = ValuesOf<typeof trainingOptions>;
