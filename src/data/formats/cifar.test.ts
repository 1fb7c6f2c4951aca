import { describe, expect, it } from 'vitest';
import { loadDataset } from '../load.ts';
import { cifarFile, cycle, gzipped, sourceOf } from '../testing.ts';
import { CIFAR_PREFIX, readCifar, recogniseCifar } from './cifar.ts';

describe('cifar', () => {
  it('interleaves the colour planes and takes the count from the length', async () => {
    const read = await readCifar([sourceOf('b.bin', cifarFile([7, 0, 9], 'cifar-10'))], 'cifar-10');
    expect(read.count).toBe(3);
    expect([...read.labels]).toEqual([7, 0, 9]);
    expect(read.images).toHaveLength(3 * 3072);
    expect([...read.images.subarray(0, 6)]).toEqual([100, 150, 200, 100, 150, 200]);
    expect([...read.images.subarray(2 * 3072, 2 * 3072 + 3)]).toEqual([102, 150, 200]);
  });

  it('joins batches in the order given, also packed ones of unknown length', async () => {
    const one = await gzipped(cifarFile(cycle(1200), 'cifar-10'));
    const read = await readCifar(
      [sourceOf('1', one), sourceOf('2', cifarFile([4, 5], 'cifar-10'))],
      'cifar-10',
    );
    expect(read.count).toBe(1202);
    expect(read.images.buffer.byteLength).toBe(1202 * 3072);
    expect([...read.labels.subarray(1199)]).toEqual([9, 4, 5]);
  });

  it('uses the fine label of CIFAR-100', async () => {
    const read = await readCifar([sourceOf('t', cifarFile([99, 42], 'cifar-100'))], 'cifar-100');
    expect([...read.labels]).toEqual([99, 42]);
    expect([...read.images.subarray(0, 3)]).toEqual([100, 150, 200]);
  });

  it('stops at a limit', async () => {
    const files = [cifarFile(cycle(4), 'cifar-10'), cifarFile(cycle(4), 'cifar-10')];
    const sources = files.map((bytes, i) => sourceOf(`b${i}`, bytes));
    const read = await readCifar(sources, 'cifar-10', { limit: 5 });
    expect(read.count).toBe(5);
    expect(read.labels.buffer.byteLength).toBe(5);
  });

  it('tells the two kinds apart by labels and length', async () => {
    const ten = cifarFile(cycle(40), 'cifar-10');
    const hundred = cifarFile(cycle(40, 100), 'cifar-100');
    expect(recogniseCifar(ten.subarray(0, CIFAR_PREFIX), ten.length)).toBe('cifar-10');
    expect(recogniseCifar(ten.subarray(0, CIFAR_PREFIX))).toBe('cifar-10');
    expect(recogniseCifar(hundred.subarray(0, CIFAR_PREFIX))).toBe('cifar-100');
    // Black images fit both layouts; only the length decides.
    expect(recogniseCifar(new Uint8Array(2 * 3074))).toBe('cifar-100');
    expect(recogniseCifar(new Uint8Array(2 * 3073))).toBe('cifar-10');
    expect(recogniseCifar(new TextEncoder().encode('airplane\n'.repeat(1000)))).toBeNull();
    await expect(readCifar([sourceOf('train.bin', hundred)], 'cifar-10')).rejects.toThrow(
      'train.bin holds CIFAR-100 records (3074 bytes each); expected CIFAR-10 records of 3073',
    );
    await expect(readCifar([sourceOf('d.bin', ten)], 'cifar-100')).rejects.toThrow(
      'd.bin holds CIFAR-10 records',
    );
  });

  it('finds labels out of range and cut files', async () => {
    const wrong = cifarFile([1, 2, 10], 'cifar-10');
    await expect(readCifar([sourceOf('w.bin', wrong)], 'cifar-10')).rejects.toThrow(
      'w.bin gives record 2 the label 10; CIFAR-10 has 0 … 9.',
    );
    const coarse = cifarFile([1, 2], 'cifar-100');
    coarse[3074] = 20;
    await expect(readCifar([sourceOf('c.bin', coarse)], 'cifar-100')).rejects.toThrow(
      'c.bin gives record 1 the label 20; CIFAR-100 has 0 … 19.',
    );
    const cut = cifarFile([1, 2], 'cifar-10').slice(0, 4000);
    await expect(readCifar([sourceOf('cut.bin', cut)], 'cifar-10')).rejects.toThrow(
      'after 1 records of 3073 bytes come 927 more bytes',
    );
    await expect(readCifar([sourceOf('e', new Uint8Array(0))], 'cifar-10')).rejects.toThrow(
      'e is cut off',
    );
  });
});

describe('CIFAR-100', () => {
  it('has coarse labels too, which are read when they are asked for', async () => {
    const files = ['train.bin', 'test.bin'].map((name) =>
      sourceOf(name, cifarFile(cycle(30, 100), 'cifar-100')),
    );
    const fine = await loadDataset({ files });
    expect([fine.id, fine.train.labels[5], fine.classes.length]).toEqual(['cifar-100', 5, 100]);
    const coarse = await loadDataset({ files, as: 'cifar-100-coarse' });
    expect(coarse).toMatchObject({ id: 'cifar-100-coarse', title: 'CIFAR-100, coarse' });
    expect([coarse.classes.length, coarse.classes[3]]).toEqual([20, 'food containers']);
    expect([...new Set(coarse.train.labels)]).toEqual([3]);
    expect(coarse.train.images).toEqual(fine.train.images);
  });
});
