/** Options of every method that tells classes apart: which images it learns from. */
import type { ValuesOf } from '../../../core/options/schema.ts';
import { share, whole } from '../../../core/options/kinds.ts';

/** Most images that a person may ask `strokes` for: 100,000 are 78 MB. */
export const MAX_IMAGES = 100_000;

export const imageOptions = {
  /** How many training images are used, the first n of the split; 0 = all. */
  trainImages: whole(0, [1, 1e7], {
    title: 'Training images',
    help: 'The first so many are learnt from.',
    noun: 'a number of training images',
    none: 'all',
    offered: [1, MAX_IMAGES],
    counts: 'train',
    scope: 'course',
    key: 'train',
    // What was learnt from in the end: fewer than asked for where no more were there.
    madeWith: ({ provenance }) => provenance.trainImages,
  }),
  /**
   * Share of those images, the last ones, from which nothing is learnt; they are traced for choosing thresholds
   * instead; 0 = none, as in the paper.
   */
  holdout: share(0, 0.5, {
    title: 'Thresholds are chosen on',
    help: 'Share of the training images that nothing is learnt from; thresholds are chosen on them instead.',
    offers: [0, 0.1, 0.2, 0.3, 0.5],
    words: (kept) =>
      kept === 0
        ? 'the training images (paper)'
        : `${Math.round(100 * kept)} % of them, from which nothing is learnt`,
  }),
};

export type ImageOptions = ValuesOf<typeof imageOptions>;
