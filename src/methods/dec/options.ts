/** DEC's options. */

export interface DecOptions {
  /** How many training images are clustered, the first n of the split, beside all test images; 0 = all. */
  readonly trainImages: number;
  /** K; 0 = as many as the images have classes. */
  readonly clusters: number;
  /** Passes over the images while an autoencoder learns to reconstruct them: the training budget. */
  readonly epochs: number;
  /** Most steps of a refinement; it ends sooner where the labels have settled. */
  readonly refineSteps: number;
  /** Steps between two targets. */
  readonly interval: number;
  /** Images a step of the pretraining, and of the refinement. */
  readonly batch: number;
  readonly refineBatch: number;
  /** Draws the initial weights, the order of the images and the starts of k-means. */
  readonly seed: number;
  /** Whether true classes may be looked at: for measuring and naming only, nothing learns from them. */
  readonly labelled: boolean;
}

export const DEC_DEFAULTS: DecOptions = {
  trainImages: 0,
  clusters: 0,
  epochs: 4,
  refineSteps: 2100,
  interval: 140,
  batch: 64,
  refineBatch: 256,
  seed: 1,
  labelled: true,
};

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
  const { trainImages, clusters, epochs, refineSteps, interval, batch, refineBatch, seed } =
    options;
  const whole = (what: string, value: number, least: number, most: number): void => {
    if (!Number.isInteger(value) || value < least || value > most)
      throw new Error(`DEC takes ${what} from ${least} to ${most}; ${value} came.`);
  };
  whole('a number of training images', trainImages, 0, 1e7);
  if (clusters !== 0) whole('a number of clusters', clusters, 2, 256);
  whole('a number of epochs', epochs, 1, 1000);
  whole('a number of refinement steps', refineSteps, 0, 1e6);
  whole('an interval between targets', interval, 1, 1e6);
  whole('a batch', batch, 1, 1e5);
  whole('a batch of the refinement', refineBatch, 1, 1e5);
  whole('a seed', seed, 0, 2 ** 32 - 1);
  const k = clusters || classes;
  if (images < k)
    throw new Error(
      `There are ${images} images, fewer than the ${k} clusters asked for; take more images or fewer clusters.`,
    );
}
