/** BranchyNet's options. */
import type { ImageOptions } from '../run/images.ts';

export interface BranchyOptions extends ImageOptions {
  /** Passes over the training images, from fresh weights: the training budget. */
  readonly epochs: number;
  /** Draws the initial weights, orders and crops the images. */
  readonly seed: number;
}

export const BRANCHY_DEFAULTS: BranchyOptions = { epochs: 6, seed: 1, trainImages: 0, holdout: 0 };
