/** DEC's options. */
import { whole, yesNo } from '../../core/options/kinds.ts';
import { checkOptions, defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { imageOptions } from '../parts/options/images.ts';
import { budget, seed } from '../parts/options/training.ts';

export const DEC_OPTIONS = {
  /** How many training images are clustered, the first n of the split, beside all test images; 0 = all. */
  trainImages: { ...imageOptions.trainImages, help: 'The first so many are clustered.' },
  /** K; 0 = as many as the images have classes. */
  clusters: whole(0, [2, 256], {
    title: 'Clusters, K',
    help: 'How many groups are looked for.',
    noun: 'a number of clusters',
    none: 'one a class',
    offered: [2, 50],
    key: 'k',
  }),
  /** Passes over the images while an autoencoder learns to reconstruct them: the training budget. */
  epochs: whole(4, [1, 1000], {
    ...budget,
    title: 'Pretraining, epochs',
    help: 'Passes over all images in which the encoder learns to keep what redraws them.',
    noun: 'a number of epochs',
  }),
  /** Most steps of a refinement; it ends sooner where the labels have settled. */
  refineSteps: whole(2100, [0, 1e6], {
    title: 'Refinement, steps at most',
    noun: 'a number of refinement steps',
    help: 'It ends sooner once fewer than 0.1 % of the images change their cluster.',
    offered: [0, 100_000],
    key: 'steps',
  }),
  /** Steps between two targets. */
  interval: whole(140, [1, 1e6], {
    title: 'Steps between targets',
    noun: 'an interval between targets',
    help: 'How long the encoder follows one set of targets.',
    offered: [1, 10_000],
  }),
  /** Images a step of the pretraining, and of the refinement. */
  batch: whole(64, [1, 1e5], {
    title: 'Images a step',
    noun: 'a batch',
    help: 'More are steadier and slower.',
    offered: [16, 4096],
  }),
  refineBatch: whole(256, [1, 1e5], {
    title: 'Images a refinement step',
    noun: 'a batch of the refinement',
    help: 'More flicker less between clusters.',
    offered: [16, 4096],
  }),
  /** Draws the initial weights, the order of the images and the starts of k-means. */
  seed: { ...seed, help: 'The same seed gives the same run on the same backend.' },
  /** Whether true classes may be looked at: for measuring and naming only, nothing learns from them. */
  labelled: yesNo(true, {
    title: 'Use the classes for measuring',
    help: 'Nothing learns from them: they measure the clusters and name them.',
    key: 'classes',
  }),
};

export type DecOptions = ValuesOf<typeof DEC_OPTIONS>;

export const DEC_DEFAULTS: DecOptions = defaultsOf(DEC_OPTIONS);

/** Of Adam in the pretraining, at its peak. */
export const PRETRAINING_RATE = 1e-3;
/** Of gradient descent in the refinement (Xie et al. 2016). */
export const REFINEMENT_RATE = 0.01;
export const REFINEMENT_MOMENTUM = 0.9;
/** The refinement ends when fewer labels than this share change between two targets (Xie et al. 2016). */
export const TOLERANCE = 0.001;
/** Starts of k-means (Xie et al. 2016). */
export const RESTARTS = 20;

/** @throws Error with a sentence that names the option, what was expected and what came. */
export function checkDecOptions(options: DecOptions, images: number, classes: number): void {
  checkOptions('DEC', DEC_OPTIONS, options);
  const k = options.clusters || classes;
  if (images < k)
    throw new Error(
      `There are ${images} images, fewer than the ${k} clusters asked for; take more images or fewer clusters.`,
    );
}
