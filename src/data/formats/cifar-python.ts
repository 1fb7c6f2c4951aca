/** The "python version" of CIFAR-10 and CIFAR-100: pickled dicts, read by an allow-list that runs nothing. */
import { joined } from '../../fetch/body.ts';
import { NdArray, isDict, type Content } from '../arrays/array.ts';
import { DataError } from '../errors.ts';
import { cifar } from './cifar.ts';
import type { Format } from './format.ts';
import { bytesOf, entryOf, interleaved, labelsOf, splitOf, wholeOf } from './whole.ts';

const BATCH = /^(data_batch_[1-5]|test_batch|train|test)$/;
const AREA = 32 * 32;

export const cifarPython: Format = {
  headBytes: 16,

  recognise({ bytes, name }) {
    const base = name.replace(/^.*\//, '').replace(/ \(\d+\)$/, '');
    if (bytes[0] !== 0x80 || bytes[1]! > 5) return null;
    if (/^(batches\.)?meta$/.test(base)) {
      const of = base === 'meta' ? 'cifar-100' : 'cifar-10';
      return { ...{ dataset: of, split: 'train', role: 'meta' }, count: null, shape: null };
    }
    if (!BATCH.test(base)) return null;
    const dataset = /batch/.test(base) ? 'cifar-10' : 'cifar-100';
    const isTest = base.startsWith('test');
    return {
      ...{ dataset, split: isTest ? 'test' : 'train', role: isTest ? 'test' : base },
      ...{ count: null, shape: [32, 32, 3] },
    };
  },

  choose: (split, parts, entry) => cifar.choose(split, parts, entry),

  async read(files, wanted) {
    const { entry } = wanted;
    if (!entry) throw new DataError('Pickled batches of CIFAR are read as CIFAR-10 or CIFAR-100.');
    const batches: { data: Uint8Array; labels: Uint8Array }[] = [];
    for (const file of files) {
      const { readArrays } = await import('../arrays/read.ts');
      const content: Content = readArrays(await wholeOf(file, wanted), file.name);
      const data = entryOf(content, ['data'], file.name);
      const isRow =
        data instanceof NdArray && data.shape.length === 2 && data.shape[1] === 3 * AREA;
      if (!isDict(content) || !isRow)
        throw new DataError(
          `${file.name} holds no batch of CIFAR: expected "data" of [count, 3072].`,
        );
      const labels = labelsOf(
        entryOf(
          content,
          entry.id === 'cifar-100-coarse' ? ['coarse_labels'] : ['labels', 'fine_labels'],
          file.name,
        ),
        file.name,
      );
      batches.push({ data: bytesOf(data.values(), file.name), labels });
    }
    const planes = joined(batches.map(({ data }) => data));
    const labels = joined(batches.map((batch) => batch.labels));
    const images = interleaved(planes, AREA, 3);
    const pixels = { images, count: planes.length / (3 * AREA), shape: [32, 32, 3] } as const;
    const wrong = labels.findIndex((label) => label >= entry.classes.length);
    if (wrong >= 0)
      throw new DataError(
        `The pickled batches give image ${wrong} the label ${labels[wrong]}; ${entry.title} has 0 … ${entry.classes.length - 1}.`,
      );
    const read = splitOf(pixels, labels, files[0]!.name, wanted);
    return { ...read, published: read.total === entry.counts[wanted.split] };
  },
};
