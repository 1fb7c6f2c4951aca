/** `strokes`: handwritten-looking digits drawn by code, 28 × 28 grey, each with a known difficulty. */
import { drawDigit, STROKES_IMAGE_BYTES, STROKES_VERSION } from './draw.ts';
import { SIDE } from './raster.ts';
import type { Dataset, Split, SplitName } from '../../core/dataset.ts';

export { STROKES_VERSION };

export interface StrokesRequest {
  /** Any integer; the same seed gives the same images. */
  readonly seed: number;
  /** Number of images of each split. */
  readonly train: number;
  readonly test: number;
}

/**
 * Draws images `from` … `to − 1` of a split into arrays that hold the whole split (image i at i·784), so that a
 * caller can work in chunks. Image i depends on (seed, split, i) alone.
 */
export function drawInto(
  images: Uint8Array,
  labels: Uint8Array,
  difficulty: Float32Array,
  from: number,
  to: number,
  seed: number,
  split: SplitName,
): void {
  for (let i = from; i < to; i++) {
    const drawn = drawDigit(images, i * STROKES_IMAGE_BYTES, seed, split, i);
    labels[i] = drawn.label;
    difficulty[i] = drawn.difficulty;
  }
}

/** Room for `count` images and nothing in it yet. */
export function emptySplit(count: number): Split & { readonly difficulty: Float32Array } {
  return {
    images: new Uint8Array(count * STROKES_IMAGE_BYTES),
    labels: new Uint8Array(count),
    difficulty: new Float32Array(count),
    count,
  };
}

/** Names the drawn splits as a dataset. */
export function strokesDataset(seed: number, train: Split, test: Split): Dataset {
  return {
    id: 'strokes',
    title: 'Strokes',
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    shape: [SIDE, SIDE, 1],
    train,
    test,
    source: `drawn here, version ${STROKES_VERSION}, seed ${seed}`,
    seed,
  };
}

/** The whole dataset in one go; about 50 µs an image, so a worker is the place to call it. */
export function generateStrokes({ seed, train, test }: StrokesRequest): Dataset {
  const splits = { train: emptySplit(train), test: emptySplit(test) };
  for (const name of ['train', 'test'] as const) {
    const { images, labels, difficulty, count } = splits[name];
    drawInto(images, labels, difficulty, 0, count, seed, name);
  }
  return strokesDataset(seed, splits.train, splits.test);
}
