import { expect, it } from 'vitest';
import { fingerprintsOf } from '../core/fingerprint.ts';
import { inOrder } from './order.ts';
import { generateStrokes } from './strokes/index.ts';
import type { Dataset, Split } from '../core/dataset.ts';

const drawn = generateStrokes({ seed: 3, train: 12, test: 8 });
const order = {
  train: fingerprintsOf(drawn.train, drawn.shape),
  test: fingerprintsOf(drawn.test, drawn.shape),
};

/** The same images backwards, as another copy of the dataset might hold them. */
function backwards(split: Split, dataset: Dataset): Split {
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  const images = new Uint8Array(split.images.length);
  for (let i = 0; i < split.count; i++)
    images.set(split.images.subarray(i * size, (i + 1) * size), (split.count - 1 - i) * size);
  return {
    images,
    labels: split.labels.slice().reverse(),
    count: split.count,
    difficulty: split.difficulty!.slice().reverse(),
  };
}

it('finds the images of a run in a copy with another order', () => {
  const copy = {
    ...drawn,
    train: backwards(drawn.train, drawn),
    test: backwards(drawn.test, drawn),
  };
  const found = inOrder(copy, order);
  expect(found.train.images).toEqual(drawn.train.images);
  expect(found.test.labels).toEqual(drawn.test.labels);
  expect(found.test.difficulty).toEqual(drawn.test.difficulty);
  expect(found.note).toBeUndefined();
});

it('takes only the images of the run, and says how many are not there', () => {
  const few = { train: order.train.subarray(4, 9), test: Uint32Array.of(...order.test, 7, 8) };
  const found = inOrder(drawn, few);
  expect(found.train.count).toBe(5);
  expect(found.train.labels).toEqual(drawn.train.labels.slice(4, 9));
  expect(found.test.count).toBe(10);
  expect(found.note).toBe('2 of the 15 images of the recorded run are not among these.');
});
