/** What a linear classifier is trained on, and how. */

/**
 * A row of features, one an image: `mixed` numbers max-pooled, the same `mixed` numbers average-pooled, `plain` numbers.
 * The classifier sees mixed + plain inputs: α·max + (1 − α)·avg with one learnt α, then the plain ones.
 */
export interface LinearShape {
  readonly mixed: number;
  readonly plain: number;
  readonly classes: number;
}

export interface LinearSettings extends LinearShape {
  readonly images: number;
  readonly epochs: number;
  /** Images a step; the last step of an epoch takes what is left. */
  readonly batch: number;
  /** Adam's learning rate; a tenth of it from 60 % of the steps on. */
  readonly rate: number;
  /** Orders the images of every epoch. */
  readonly seed: number;
}

export const LINEAR_DEFAULTS = { batch: 128, rate: 1e-3 } as const;
/** Where the learning rate falls, and to what share of itself (Kaya et al. 2019, released code). */
export const DROP = { at: 0.6, to: 0.1 } as const;

/** Numbers in a row of features. */
export const rowLength = ({ mixed, plain }: LinearShape): number => 2 * mixed + plain;
/** Inputs of the linear layer. */
export const inputsOf = ({ mixed, plain }: LinearShape): number => mixed + plain;
/** Steps of an epoch. */
export const stepsOf = ({ images, batch }: Pick<LinearSettings, 'images' | 'batch'>): number =>
  Math.ceil(images / batch);

/** Bytes that a learner holds for its features. */
export const featureBytes = (shape: LinearShape, images: number): number =>
  2 * images * layoutOf(shape).row;

const toFour = (count: number): number => Math.ceil(count / 4) * 4;

/** Lengths in numbers, each a multiple of four: a row of features, its parts, and the classes. */
export function layoutOf({ mixed, plain, classes }: LinearShape) {
  const [ofMixed, ofPlain] = [toFour(mixed), toFour(plain)];
  return {
    mixed: ofMixed,
    inputs: ofMixed + ofPlain,
    row: 2 * ofMixed + ofPlain,
    classes: toFour(classes),
  };
}

/** Weights of a linear classifier as arrays: [inputs, K], [K] and [1]. */
export type LinearArrays = {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly alpha: Float32Array;
};

/** Weights of a linear classifier. */
export interface LinearWeights {
  /** [inputs, K]. */
  readonly weights: Float32Array;
  /** [K]. */
  readonly bias: Float32Array;
  readonly alpha: number;
}
