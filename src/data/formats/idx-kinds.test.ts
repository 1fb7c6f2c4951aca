/** idx files as EMNIST, QMNIST and people of their own write them. */
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../load.ts';
import { cycle, idxImagesFile, idxLabelsFile, sourceOf } from '../testing.ts';
import type { Bytes } from './bytes.ts';

/** An idx file of any type and shape. */
function idxFile(type: number, dims: readonly number[], values: readonly number[]): Bytes {
  const size = { 0x08: 1, 0x09: 1, 0x0b: 2, 0x0c: 4, 0x0d: 4, 0x0e: 8 }[type]!;
  const head = 4 + 4 * dims.length;
  const bytes = new Uint8Array(head + size * values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 256 * type + dims.length);
  dims.forEach((dim, i) => view.setUint32(4 + 4 * i, dim));
  values.forEach((value, i) => {
    const at = head + size * i;
    if (type === 0x0d) view.setFloat32(at, value);
    else if (type === 0x0e) view.setFloat64(at, value);
    else if (size === 4) view.setInt32(at, value);
    else if (size === 2) view.setInt16(at, value);
    else view.setUint8(at, value);
  });
  return bytes;
}

const load = (files: Readonly<Record<string, Bytes>>) =>
  loadDataset({ files: Object.entries(files).map(([name, bytes]) => sourceOf(name, bytes)) });

const small = (count: number) => idxImagesFile(count, 2, 2);
const text = (words: string) => new TextEncoder().encode(words);

describe('idx files', () => {
  it('have labels of several columns, of which the first counts', async () => {
    const rows = (count: number) =>
      cycle(count).flatMap((label) => [label, 9, 9, 300, 70_000, 0, 1, 2]);
    const dataset = await load({
      'qmnist-train-images-idx3-ubyte': small(20),
      'qmnist-train-labels-idx2-int': idxFile(0x0c, [20, 8], rows(20)),
      'qmnist-test-images-idx3-ubyte': small(10),
      'qmnist-test-labels-idx2-int': idxFile(0x0c, [10, 8], rows(10)),
    });
    expect([...dataset.train.labels.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
    expect(dataset.classes).toHaveLength(10);
  });

  it('of EMNIST are turned upright, counted from 0 and named by their mapping', async () => {
    const labels = (count: number) => idxLabelsFile(cycle(count, 3).map((label) => label + 1));
    const dataset = await load({
      'emnist-letters-train-images-idx3-ubyte': small(6),
      'emnist-letters-train-labels-idx1-ubyte': labels(6),
      'emnist-letters-test-images-idx3-ubyte': small(3),
      'emnist-letters-test-labels-idx1-ubyte': labels(3),
      'emnist-letters-mapping.txt': text('1 65 97\n2 66 98\n3 67 99\n'),
    });
    expect(dataset.classes).toEqual(['A', 'B', 'C']);
    expect([...dataset.train.labels]).toEqual([0, 1, 2, 0, 1, 2]);
    expect([...dataset.train.images.subarray(0, 4)]).toEqual([0, 2, 1, 3]);
    expect(dataset.note).toBe(
      'labels are counted from 1 in the files; EMNIST’s images are turned upright; 3 test images are among the training images too',
    );
  });

  it('hold colour, rows first or colours first, and numbers of every type', async () => {
    const pixels = Array.from({ length: 2 * 4 * 3 }, (_, i) => i);
    const planes = [0, 1].flatMap((n) =>
      [0, 1, 2].flatMap((c) => [0, 1, 2, 3].map((p) => pixels[n * 12 + p * 3 + c]!)),
    );
    const parts = { 'train-labels': idxLabelsFile([0, 1]), 'test-labels': idxLabelsFile([1, 0]) };
    for (const [type, dims, values] of [
      [0x08, [2, 2, 2, 3], pixels],
      [0x08, [2, 3, 2, 2], planes],
      [0x0b, [2, 2, 2, 3], pixels],
      [0x0c, [2, 2, 2, 3], pixels],
      [0x0d, [2, 2, 2, 3], pixels.map((value) => value / 255)],
      [0x0e, [2, 2, 2, 3], pixels],
    ] as const) {
      const images = idxFile(type, dims, values);
      const dataset = await load({ ...parts, 'train-images': images, 'test-images': images });
      expect(dataset.shape).toEqual([2, 2, 3]);
      expect([...dataset.train.images]).toEqual(pixels);
    }
  });

  it('that hold no pixels or no classes are refused', async () => {
    const files = (images: Bytes, labels: Bytes) =>
      load({
        'train-images': images,
        'test-images': images,
        'train-labels': labels,
        'test-labels': labels,
      });
    const labels = idxLabelsFile([0, 1]);
    const of = (type: number, values: number[]) => idxFile(type, [2, 1, 2], values);
    await expect(files(of(0x0d, [0, -1, 2, 3]), labels)).rejects.toThrow(
      'holds numbers from -1 to 3',
    );
    await expect(files(of(0x0d, [0, NaN, 2, 3]), labels)).rejects.toThrow('pixels lie in 0…255');
    await expect(files(of(0x0c, [0, 999, 2, 3]), labels)).rejects.toThrow('from 0 to 999');
    await expect(files(small(2), idxFile(0x0c, [2], [0, 300]))).rejects.toThrow('the label 300');
    await expect(
      files(small(2), idxFile(0x0c, [2, 99], Array<number>(198).fill(0))),
    ).rejects.toThrow('99 numbers a label');
    await expect(
      files(idxFile(0x08, [2, 2, 2, 4], Array<number>(32).fill(0)), labels),
    ).rejects.toThrow('images of 4 channels');
  });
});
