import { describe, expect, it } from 'vitest';
import {
  cifarFile,
  cycle,
  gzipped,
  idxImagesFile,
  idxLabelsFile,
  idxSet,
  sourceOf,
} from '../testing.ts';
import { inspectFiles } from './files.ts';

const idxSources = (set = idxSet()) => [...set].map(([name, bytes]) => sourceOf(name, bytes));

describe('files that a person gives', () => {
  it('make a dataset of their own when nobody published them', async () => {
    const { report, plan } = await inspectFiles(idxSources());
    expect(report).toMatchObject({
      id: 'files',
      complete: true,
      sentence: 'Your files are complete.',
    });
    expect(report.files[0]!.says).toBe('Your files, 30 training images.');
    expect(plan?.format.id).toBe('idx');
    expect(plan?.train[0]?.name).toBe('train-images-idx3-ubyte');
  });

  it('are taken for the chosen dataset when their shape fits', async () => {
    expect((await inspectFiles(idxSources(), 'kmnist')).report.id).toBe('kmnist');
    expect((await inspectFiles(idxSources(), 'cifar-10')).report.id).toBe('files');
    const small = idxSet();
    small.set('t10k-images-idx3-ubyte', idxImagesFile(10, 8, 8));
    expect((await inspectFiles(idxSources(small), 'mnist')).report.id).toBe('files');
  });

  it('say which are still missing', async () => {
    const { report, plan } = await inspectFiles(idxSources().slice(0, 2), 'mnist');
    expect(plan).toBeNull();
    expect(report.sentence).toBe(
      'MNIST still needs the test images (t10k-images-idx3-ubyte.gz) and ' +
        'the test labels (t10k-labels-idx1-ubyte.gz).',
    );
  });

  it('are known as CIFAR by their records, packed or not, in the order of the batches', async () => {
    const names = ['test_batch', 'data_batch_3', 'data_batch_1', 'data_batch_2', 'data_batch_5'];
    const sources = names.map((name) => sourceOf(`${name}.bin`, cifarFile(cycle(30), 'cifar-10')));
    const first = await inspectFiles(sources);
    expect(first.report).toMatchObject({ id: 'cifar-10', missing: ['data_batch_4.bin'] });
    const packed = await gzipped(cifarFile(cycle(30), 'cifar-10'));
    sources.push(sourceOf('data_batch_4.bin.gz', packed));
    const { plan } = await inspectFiles(sources);
    expect(plan?.format.id).toBe('cifar');
    expect(plan?.train.map(({ name }) => name)).toEqual([
      'data_batch_1.bin',
      'data_batch_2.bin',
      'data_batch_3.bin',
      'data_batch_4.bin.gz',
      'data_batch_5.bin',
    ]);
  });

  it('are known as CIFAR-100 by their records', async () => {
    const sources = ['train.bin', 'test.bin'].map((name) =>
      sourceOf(name, cifarFile(cycle(30, 100), 'cifar-100')),
    );
    expect((await inspectFiles(sources)).report).toMatchObject({ id: 'cifar-100', complete: true });
  });

  it('get a sentence each when they cannot be used, and the rest still counts', async () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const tar = new Uint8Array(1024);
    tar.set(bytes('cifar-10-batches-bin/'), 0);
    tar.set(bytes('ustar'), 257);
    const pickle = new Uint8Array(5000).fill(0x7d);
    pickle[0] = 0x80;
    pickle[1] = 2;
    const { report } = await inspectFiles([
      ...idxSources(),
      sourceOf('cifar-10-binary.tar.gz', await gzipped(tar)),
      sourceOf('model', pickle),
      sourceOf('notes.txt', bytes('hello')),
      sourceOf('nothing', bytes('')),
      sourceOf('data_batch_3.bin', new Uint8Array(100_000)),
      sourceOf('images.idx', idxLabelsFile(cycle(20))),
    ]);
    expect(report.complete).toBe(true);
    const says = report.files.filter(({ ok }) => !ok).map((verdict) => verdict.says);
    expect(says).toEqual([
      'cifar-10-binary.tar.gz is no whole tar archive (its entry at byte 0 does not add up). Write or download it again.',
      expect.stringContaining('model is a Python pickle, and its name is none of CIFAR’s batches'),
      expect.stringContaining('notes.txt is neither an idx file nor a CIFAR binary file'),
      'nothing is empty.',
      expect.stringContaining('zeros and nothing else: its content never came'),
      expect.stringContaining('does not say whether it belongs to training or to test'),
    ]);
  });

  it('do not fit together when images and labels differ in number', async () => {
    const set = idxSet();
    set.set('t10k-labels-idx1-ubyte', idxLabelsFile(cycle(9)));
    const { report } = await inspectFiles(idxSources(set));
    expect(report.complete).toBe(false);
    expect(report.sentence).toContain('holds 10 images, but t10k-labels-idx1-ubyte holds 9 labels');
  });

  it('may hold labels twice: those that match in number are used', async () => {
    const more = sourceOf('train-labels-all', idxLabelsFile(cycle(60)));
    const { plan } = await inspectFiles([...idxSources(), more]);
    expect(plan?.train[1]?.name).toBe('train-labels-idx1-ubyte');
  });

  it('of two datasets: the complete one counts, the other is named', async () => {
    const other = sourceOf('test.bin', cifarFile(cycle(30, 100), 'cifar-100'));
    const { report } = await inspectFiles([...idxSources(), other]);
    expect(report.sentence).toBe(
      'Your files are complete. Files of another dataset (CIFAR-100) are left aside.',
    );
  });
});

describe('what is said of files', () => {
  it('counts the images at hand, not those of the published dataset, and knows their shape', async () => {
    const own = (await inspectFiles(idxSources(idxSet(30, 10)), 'mnist')).report;
    expect(own).toMatchObject({ counts: { train: 30, test: 10 }, shape: [28, 28, 1] });
    const names = ['test_batch', ...[1, 2, 3, 4, 5].map((n) => `data_batch_${n}`)];
    const cifar = names.map((name) => sourceOf(`${name}.bin`, cifarFile(cycle(30), 'cifar-10')));
    const { report } = await inspectFiles(cifar);
    expect(report).toMatchObject({ counts: { train: 150, test: 30 }, shape: [32, 32, 3] });
    const missing = (await inspectFiles(cifar.slice(1))).report;
    expect(missing.counts).toBeNull();
  });
});
