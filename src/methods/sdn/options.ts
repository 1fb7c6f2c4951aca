/** Options of methods that train classifiers on a frozen network, and SDN's own. */
import type { ImageOptions } from '../run/images.ts';

export interface TrainingOptions extends ImageOptions {
  /** Passes over the training images, 1 or more: the training budget. */
  readonly epochs: number;
  /** Draws the initial weights and orders the images. */
  readonly seed: number;
  /** Features of the training images may take so many MB (of 2²⁰ bytes); fewer images are trained on where they would not fit. */
  readonly featureMegabytes: number;
}

export interface SdnOptions extends TrainingOptions {
  /**
   * An image that no internal classifier lets go takes the network's own output (E2CM's comparison), or the most
   * confident of all outputs (Kaya et al., released code).
   */
  readonly unconfident: 'network' | 'most-confident';
}

export const SDN_DEFAULTS: SdnOptions = {
  epochs: 6,
  seed: 1,
  trainImages: 0,
  holdout: 0,
  unconfident: 'network',
  featureMegabytes: 1024,
};
