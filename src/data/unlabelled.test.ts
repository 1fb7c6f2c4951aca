import { describe, expect, it } from 'vitest';
import { loadDataset } from './load.ts';
import { pattern, pngFile } from './pictures/testing.ts';
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
    const few = { unlabelled: [images('a', 10)], limit: { train: 200, test: 100 } };
    const all = await loadDataset(few);
    expect([all.train.count, all.test.count]).toEqual([8, 2]);
  });

  it('must be of one size', async () => {
    await expect(loadDataset({ unlabelled: [images('a', 6), images('b', 4, 5)] })).rejects.toThrow(
      'b holds images of 5 × 5 pixels, a of 4 × 4: images that are clustered together are of one size.',
    );
  });

  it('are pictures without class folders too, brought to one size, in the order of their names', async () => {
    const files = Array.from({ length: 12 }, (_, i) =>
      sourceOf(`${11 - i}.png`, pngFile(pattern(i === 0 ? 9 : 6, 6, 1, 11 - i))),
    );
    files.push(sourceOf('broken.png', Uint8Array.of(1, 2, 3)));
    expect((await inspectFiles(files)).report.imagesAlone).toBe(13);
    const dataset = await loadDataset({
      unlabelled: files,
      reading: {
        ...{ fit: 'crop', share: 0.2, seed: 1 },
        target: { size: 6, most: 6, channels: 1 },
      },
    });
    expect([dataset.train.count, dataset.test.count, dataset.labelled]).toEqual([10, 2, false]);
    expect(dataset.train.images.subarray(0, 36)).toEqual(pattern(6, 6, 1, 0).pixels);
    expect(dataset.note).toMatch(
      /^12 images without classes: the last 2 are the test split; pictures are cut .*; 1 picture is left out$/,
    );
    expect(dataset.leftOut).toHaveLength(1);
  });
});
