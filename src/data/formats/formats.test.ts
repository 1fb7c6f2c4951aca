/** What the list of formats promises: a new one is a file and a line, and nothing is read as what it is not. */
import { describe, expect, it } from 'vitest';
import { assemble } from '../assemble.ts';
import { catalogue, fileDatasetIds } from '../catalogue.ts';
import { inspectFiles } from '../sources/files.ts';
import { planFromNamed } from '../sources/published.ts';
import { cifarFile, cycle, idxSet, sourceOf } from '../testing.ts';
import { ByteReader, type Bytes } from './bytes.ts';
import { splitByName, type Format } from './format.ts';
import { FORMATS, formatNames, formatOf, type ListedFormat } from './index.ts';

/** A whole split in one file: "TOY", side, number of classes, then for each image its label and its pixels. */
const toy: Format = {
  headBytes: 3,
  recognise: ({ bytes, name }) =>
    String.fromCharCode(...bytes.subarray(0, 3)) === 'TOY'
      ? { dataset: null, split: splitByName(name), role: 'images', count: null, shape: null }
      : null,
  choose: (split, parts) =>
    parts[0]
      ? { files: [parts[0].source] }
      : { files: null, missing: [`the ${split} file (${split}.toy)`], conflicts: [] },
  async read(files, { limit = Infinity, ...options }) {
    const reader = await ByteReader.open(files[0]!, options);
    const head = new Uint8Array(5);
    await reader.readInto(head, 0, 5);
    const size = head[3]! ** 2;
    const rest = await reader.peek(1 << 20);
    await reader.close();
    const total = rest.length / (1 + size);
    const count = Math.min(limit, total);
    const images = new Uint8Array(count * size);
    const labels = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const at = i * (1 + size);
      labels[i] = rest[at]!;
      images.set(rest.subarray(at + 1, at + 1 + size), i * size);
    }
    const classes = Array.from({ length: head[4]! }, (_, k) => `toy ${k}`);
    const shape = [head[3]!, head[3]!, 1] as const;
    const labelFile = files[0]!.name;
    return { images, labels, count, total, shape, published: false, labelFile, classes };
  },
};
const formats: readonly ListedFormat[] = [
  ...FORMATS,
  { id: 'toy', name: 'toy', file: 'a toy file', load: () => Promise.resolve(toy) },
];

function toyFile(count: number): Bytes {
  const records = Array.from({ length: count }, (_, i) => [i % 3, i, i, i, i]);
  return Uint8Array.from([...new TextEncoder().encode('TOY'), 2, 4, ...records.flat()]);
}

const toys = () => [sourceOf('train.toy', toyFile(9)), sourceOf('test.toy', toyFile(5))];

describe('a new format', () => {
  it('is recognised, missed and read with classes and sizes of its own', async () => {
    const half = await inspectFiles(toys().slice(0, 1), undefined, undefined, formats);
    expect(half.report.sentence).toBe('Your files still need the test file (test.toy).');
    const { report, plan } = await inspectFiles(toys(), undefined, undefined, formats);
    expect(report).toMatchObject({ id: 'files', format: 'toy', complete: true });
    const dataset = await assemble(plan!, { test: 4 });
    expect(dataset).toMatchObject({
      shape: [2, 2, 1],
      classes: ['toy 0', 'toy 1', 'toy 2', 'toy 3'],
      note: 'test images: the first 4 of 5; 4 test images are among the training images too',
    });
    expect([...dataset.test.images.subarray(8)]).toEqual([2, 2, 2, 2, 3, 3, 3, 3]);
    expect([...dataset.train.labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  });

  it('does not mix with files of another format, however little is known of either', async () => {
    const idx = [...idxSet()].map(([name, bytes]) => sourceOf(name, bytes));
    const both = await inspectFiles([...idx, ...toys()], 'mnist', undefined, formats);
    expect(both.report).toMatchObject({ id: 'files', format: 'toy' });
    expect(both.report.sentence).toBe(
      'Your files are complete. Files of another dataset (MNIST) are left aside.',
    );
  });

  it('is named wherever the formats are', async () => {
    expect(formatNames()).toBe('idx, CIFAR binary, CIFAR pickles, npz or tables of pixels');
    expect(formatNames(formats)).toMatch(/^idx, CIFAR binary, .* or toy$/);
    const strange = sourceOf('train.bin', Uint8Array.of(1, 2, 3, 4));
    const { report } = await inspectFiles([strange], undefined, undefined, formats);
    expect(report.sentence).toContain(
      'train.bin is neither an idx file nor a CIFAR binary file nor',
    );
  });
});

describe('the list of formats', () => {
  it('has the format of every dataset of the catalogue', () => {
    for (const id of fileDatasetIds)
      expect(formatOf(catalogue[id].layout).id).toBe(catalogue[id].layout);
  });

  it('reads no layout as another: one that is not in it is refused', () => {
    expect(() => formatOf('tar')).toThrow(
      'Files of the layout “tar” are not read here; idx, CIFAR binary, CIFAR pickles, npz and tables of pixels are.',
    );
    expect(() => formatOf('drawn')).toThrow('“drawn” are not read here');
  });

  it('never reads files of one format with another', async () => {
    const files = [...idxSet()].map(([name, bytes]) => ({ name, bytes }));
    const open = ({ name, bytes }: { name: string; bytes: Bytes }) => sourceOf(name, bytes);
    const plan = planFromNamed('mnist', files, 'a test', open);
    await expect(assemble({ ...plan, format: formatOf('cifar') })).rejects.toThrow(
      'Records of CIFAR cannot be read as MNIST',
    );
    const batch = [sourceOf('train.bin', cifarFile(cycle(30), 'cifar-10'))];
    const asIdx = { ...plan, train: [...batch, ...batch] };
    await expect(assemble(asIdx)).rejects.toThrow('train.bin is no idx file of labels');
    await expect(assemble({ ...plan, train: batch })).rejects.toThrow(
      'A split lacks its file of labels: 1 files came.',
    );
  });
});
