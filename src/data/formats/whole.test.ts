/** Datasets in archives, pickles and tables: the same images as in idx files give the same dataset. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../load.ts';
import { inspectFiles } from '../sources/files.ts';
import { cifarFile, cycle, idxImagesFile, idxLabelsFile, sourceOf } from '../testing.ts';
import type { Bytes } from './bytes.ts';

const text = (words: string): Bytes => new TextEncoder().encode(words);
const sources = (files: Readonly<Record<string, Bytes>>) =>
  Object.entries(files).map(([name, bytes]) => sourceOf(name, bytes));
const load = (files: Readonly<Record<string, Bytes>>) => loadDataset({ files: sources(files) });

/** An array as NumPy writes it. */
function npy(descr: string, shape: readonly number[], content: Uint8Array): Bytes {
  const head = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const padded = head.padEnd(117, ' ') + '\n';
  const bytes = new Uint8Array(128 + content.length);
  bytes.set(text('\u0093NUMPY'.replace('\u0093', '?')), 0);
  bytes.set([0x93], 0);
  bytes.set([1, 0, 118, 0], 6);
  bytes.set(text(padded), 10);
  bytes.set(content, 128);
  return bytes;
}

const pixels = (count: number) => idxImagesFile(count, 4, 4).slice(16);
const labels = (count: number) => Uint8Array.from(cycle(count));
const idx = {
  'train-images': idxImagesFile(20, 4, 4),
  'train-labels': idxLabelsFile(cycle(20)),
  'test-images': idxImagesFile(10, 4, 4),
  'test-labels': idxLabelsFile(cycle(10)),
};
const archive = (files: Readonly<Record<string, Bytes>>): Bytes => Uint8Array.from(zipSync(files));

describe('a dataset', () => {
  it('of Keras, of MedMNIST and as a table is that of the same idx files', async () => {
    const expected = await load(idx);
    const line = (values: Uint8Array, label: number) => [label, ...values].join(',');
    const table = (count: number) =>
      text(
        [
          `label,${Array.from({ length: 16 }, (_, i) => `pixel${i}`).join(',')}`,
          ...cycle(count).map((label, i) =>
            line(pixels(count).subarray(16 * i, 16 * i + 16), label),
          ),
        ].join('\r\n'),
      );
    const given: readonly Readonly<Record<string, Bytes>>[] = [
      {
        'mnist.npz': archive({
          'x_test.npy': npy('|u1', [10, 4, 4], pixels(10)),
          'x_train.npy': npy('|u1', [20, 4, 4], pixels(20)),
          'y_train.npy': npy('|u1', [20], labels(20)),
          'y_test.npy': npy('|u1', [10], labels(10)),
        }),
      },
      {
        'pathmnist.npz': archive({
          'train_images.npy': npy('|u1', [20, 4, 4], pixels(20)),
          'val_images.npy': npy('|u1', [1, 4, 4], pixels(1)),
          'test_images.npy': npy('|u1', [10, 4, 4], pixels(10)),
          'train_labels.npy': npy('|u1', [20, 1], labels(20)),
          'test_labels.npy': npy('|u1', [10, 1], labels(10)),
        }),
      },
      { 'mnist_train.csv': table(20), 'mnist_test.csv': table(10) },
    ];
    for (const files of given) {
      const { report } = await inspectFiles(sources(files));
      expect(report).toMatchObject({ id: 'files', complete: true });
      const dataset = await load(files);
      expect(dataset.train).toEqual(expected.train);
      expect(dataset.test).toEqual(expected.test);
      expect(dataset).toMatchObject({ shape: [4, 4, 1], classes: expected.classes });
    }
  });

  it('of pickled CIFAR batches is that of the binary files', async () => {
    const names = ['test_batch', ...[1, 2, 3, 4, 5].map((n) => `data_batch_${n}`)];
    const binary = Object.fromEntries(
      names.map((name) => [`${name}.bin`, cifarFile(cycle(3), 'cifar-10')]),
    );
    const pickled = Object.fromEntries(names.map((name) => [name, pickledBatch(3)]));
    const [expected, dataset] = [await load(binary), await load(pickled)];
    expect(dataset.id).toBe('cifar-10');
    expect(dataset.train).toEqual(expected.train);
    expect(dataset.test).toEqual(expected.test);
    expect(dataset.note).toContain('15 instead of 50,000');
    const { report } = await inspectFiles(sources(pickled).slice(1));
    expect(report.sentence).toContain('still needs');
  });

  it('that is broken gets a sentence that names what is wrong', async () => {
    const of = (files: Readonly<Record<string, Bytes>>) => load({ 'a.npz': archive(files) });
    const x = npy('|u1', [20, 4, 4], pixels(20));
    const y = npy('|u1', [20], labels(20));
    await expect(of({ 'x_train.npy': x, 'y_train.npy': y })).rejects.toThrow(
      'lacks x_test or test_images',
    );
    await expect(
      of({
        'x_train.npy': x,
        'y_train.npy': npy('|u1', [3], labels(3)),
        'x_test.npy': x,
        'y_test.npy': y,
      }),
    ).rejects.toThrow('20 images and 3 labels');
    await expect(
      of({
        'x_train.npy': npy('|u1', [20, 16], pixels(20)),
        'y_train.npy': y,
        'x_test.npy': x,
        'y_test.npy': y,
      }),
    ).rejects.toThrow('an array of [20, 16]; expected images');
    await expect(
      of({ 'x_train.npy': x.slice(0, 200), 'y_train.npy': y, 'x_test.npy': x, 'y_test.npy': y }),
    ).rejects.toThrow('a.npz cannot be opened');
    const table = {
      'train.csv': text('label,pixel0,pixel1,pixel2,pixel3\n1,2,3,4,5\n1,2,3\n'),
      'test.csv': text('label,pixel0\n1,2\n'),
    };
    await expect(load(table)).rejects.toThrow('train.csv: line 3 is no image');
    await expect(
      load({ ...table, 'train.csv': text('label,pixel0,pixel1\n1,2,3\n') }),
    ).rejects.toThrow('2 pixels a line, which make no square');
    await expect(
      load({ 'cat.png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10) }),
    ).rejects.toThrow('One picture without class folders: put the pictures of each class');
  });
});

/** What `pickle.dump({'data': numpy.uint8 [count, 3072], 'labels': list}, protocol=2)` comes to, for `cifarFile`'s images. */
function pickledBatch(count: number): Bytes {
  const planes = new Uint8Array(count * 3072);
  const binary = cifarFile(cycle(count), 'cifar-10');
  for (let i = 0; i < count; i++)
    planes.set(binary.subarray(i * 3073 + 1, (i + 1) * 3073), i * 3072);
  const word = (value: number) => [
    value & 255,
    (value >> 8) & 255,
    (value >> 16) & 255,
    value >> 24,
  ];
  const name = (words: string) => [0x58, ...word(words.length), ...text(words)];
  const global = (module: string, of: string) => [0x63, ...text(`${module}\n${of}\n`)];
  const int = (value: number) => (value < 256 ? [0x4b, value] : [0x4d, value & 255, value >> 8]);
  const latin1 = Array.from(planes, (byte) => String.fromCharCode(byte)).join('');
  const data = [...text(latin1)];
  return Uint8Array.from([
    ...[0x80, 2, 0x7d, 0x28],
    ...name('data'),
    ...global('numpy.core.multiarray', '_reconstruct'),
    ...[...global('numpy', 'ndarray'), ...int(0), 0x85, ...[0x43, 1, 0x62], 0x87, 0x52],
    ...[0x28, ...int(1), ...int(count), ...int(3072), 0x86],
    ...[...global('numpy', 'dtype'), ...name('u1'), ...int(0), ...int(1), 0x87, 0x52],
    ...[
      0x28,
      ...int(3),
      ...name('|'),
      0x4e,
      0x4e,
      0x4e,
      0x4a,
      255,
      255,
      255,
      255,
      0x4a,
      255,
      255,
      255,
      255,
      ...int(0),
      0x74,
      0x62,
    ],
    ...[
      0x89,
      ...global('_codecs', 'encode'),
      0x58,
      ...word(data.length),
      ...data,
      ...name('latin1'),
      0x86,
      0x52,
      0x74,
      0x62,
    ],
    ...name('labels'),
    ...[0x5d, 0x28, ...cycle(count).flatMap((label) => int(label)), 0x65],
    ...[0x75, 0x2e],
  ]);
}
