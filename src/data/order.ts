/** Images put into the order of a recorded run: copies of a dataset may hold their records in another one. */
import { imageBytes, type Dataset, type ImageShape, type Split } from '../core/dataset.ts';
import { fingerprintsOf, matchImages } from '../core/fingerprint.ts';

/** Fingerprints of the wanted images of each split, in the wanted order. */
export type ImageOrder = Readonly<Record<'train' | 'test', Uint32Array>>;

/**
 * The images with these fingerprints, in their order. One that is not there becomes black; the dataset's note says how
 * many are.
 */
export function inOrder(dataset: Dataset, order: ImageOrder): Dataset {
  const train = arranged(dataset.train, dataset.shape, order.train);
  const test = arranged(dataset.test, dataset.shape, order.test);
  const missing = train.missing + test.missing;
  const wanted = order.train.length + order.test.length;
  return {
    ...dataset,
    train: train.split,
    test: test.split,
    ...(missing > 0 && {
      note: `${missing} of the ${wanted} images of the recorded run are not among these.`,
    }),
  };
}

function arranged(
  split: Split,
  shape: ImageShape,
  wanted: Uint32Array,
): { split: Split; missing: number } {
  const { order, missing } = matchImages(wanted, fingerprintsOf(split, shape));
  const size = imageBytes(shape);
  const count = wanted.length;
  const images = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  const difficulty = split.difficulty && new Float32Array(count);
  order.forEach((from, to) => {
    if (from < 0) return;
    images.set(split.images.subarray(from * size, (from + 1) * size), to * size);
    labels[to] = split.labels[from]!;
    if (difficulty) difficulty[to] = split.difficulty![from]!;
  });
  return { split: { images, labels, count, ...(difficulty && { difficulty }) }, missing };
}
