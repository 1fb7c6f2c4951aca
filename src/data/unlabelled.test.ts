import { describe, expect, it } from 'vitest';
import { loadDataset } from './load.ts';
import { inspectFiles } from './sources/files.ts';
import { idxImagesFile, idxLabelsFile, sourceOf } from './testing.ts';

const images = (name: string, count: number, side = 4) =>
  sourceOf(name, idxImagesFile(count, side, side));

describe('images without classes', () => {
  it('are told by their content, whatever their names say', async () => {
    const alone = await inspectFiles([images('a', 6), images('b', 4)]);
    expect(alone.report.imagesAlone).toBe(10);
    const labels = sourceOf('train-labels', idxLabelsFile([1, 2]));
    expect((await inspectFiles([images('train', 2), labels])).report.imagesAlone).toBeNull();
    const broken = sourceOf('c', Uint8Array.of(1, 2, 3));
    expect((await inspectFiles([broken])).report.imagesAlone).toBeNull();
    const { report } = await inspectFiles([broken, images('d', 3)]);
    expect(report.imagesAlone).toBe(3);
    expect(report.files.map(({ isReadable }) => isReadable)).toEqual([false, true]);
  });

  it('become a dataset that says of itself that it has no classes, its last fifth for test', async () => {
    const dataset = await loadDataset({ unlabelled: [images('a', 6), images('b', 4)] });
    expect([dataset.train.count, dataset.test.count, dataset.labelled]).toEqual([8, 2, false]);
    expect(dataset.classes).toHaveLength(10);
    expect(dataset.note).toBe('10 images without classes: the last 2 are the test split');
    // Pixels count up in each file: image 2 of the second file is image 8 of all.
    expect(dataset.test.images[0]).toBe(2 * 16);
  });

  it('are limited as others are', async () => {
    const limit = { train: 3, test: 2 };
    const { train, test } = await loadDataset({ unlabelled: [images('a', 10)], limit });
    expect([train.count, test.count]).toEqual([3, 2]);
  });

  it('must be of one size', async () => {
    await expect(loadDataset({ unlabelled: [images('a', 6), images('b', 4, 5)] })).rejects.toThrow(
      'b holds images of 5 × 5 pixels, a of 4 × 4: images that are clustered together are of one size.',
    );
  });
});
