/** Images with labels, as every other room sees them. Bytes become datasets in `data/`. */

/** The images of one split in memory. */
export interface Split {
  /** Pixels 0…255, NHWC: image i starts at i·height·width·channels. */
  readonly images: Uint8Array;
  /** Class index of each image, 0…K−1. */
  readonly labels: Uint8Array;
  readonly count: number;
  /** Known difficulty of each image, 0 (easy) … 1 (hard); only generated datasets know it. */
  readonly difficulty?: Float32Array;
  /** False where nobody knows the classes: labels are then all 0 and mean nothing. */
  readonly labelled?: boolean;
}

/** Height, width and channels of one image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

export type SplitName = 'train' | 'test';

export interface Dataset {
  readonly id: string;
  readonly title: string;
  /** Class names; their number is K. At most 256 classes. */
  readonly classes: readonly string[];
  readonly shape: ImageShape;
  readonly train: Split;
  readonly test: Split;
  /** Where the images came from, in words that a person may read ("drawn here, seed 1", "dropped files"). */
  readonly source: string;
  /** The seed of a generated dataset. */
  readonly seed?: number;
  /** False where no classes are known: labels are then all 0 and mean nothing. */
  readonly labelled?: boolean;
  /** What a reader of its numbers must know ("first 6,284 of 60,000 training images"). */
  readonly note?: string;
  /** Sentences on files that were left out because they could not be used. */
  readonly leftOut?: readonly string[];
}

/** Number of bytes of one image. */
export function imageBytes([height, width, channels]: ImageShape): number {
  return height * width * channels;
}

/** Pixels of image `index` as a view, not a copy. */
export function imageAt(split: Split, shape: ImageShape, index: number): Uint8Array {
  const size = imageBytes(shape);
  return split.images.subarray(index * size, (index + 1) * size);
}

/** Images `from` … `to − 1` of a split as views, not copies; bounds beyond the split are cut to it. */
export function sliceImages(split: Split, shape: ImageShape, from: number, to: number): Split {
  const end = Math.min(to, split.count);
  const start = Math.min(from, end);
  if (start === 0 && end === split.count) return split;
  const size = imageBytes(shape);
  return {
    images: split.images.subarray(start * size, end * size),
    labels: split.labels.subarray(start, end),
    count: end - start,
    ...(split.labelled === false && { labelled: false }),
    ...(split.difficulty && { difficulty: split.difficulty.subarray(start, end) }),
  };
}

/** The first `count` images of a split as views; the whole split when it has no more than that. */
export function firstImages(split: Split, shape: ImageShape, count: number): Split {
  return sliceImages(split, shape, 0, count);
}
