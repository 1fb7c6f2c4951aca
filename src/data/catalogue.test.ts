import { describe, expect, it } from 'vitest';
import {
  catalogue,
  chooseFiles,
  datasetIds,
  isFileDatasetId,
  knownFileNames,
} from './catalogue.ts';
import { crc32 } from './formats/crc32.ts';
import { identify } from './fingerprints.ts';
import { mirrorCounts, parseIndex } from './sources/mirror.ts';

describe('catalogue', () => {
  it('names every dataset with its classes, each once', () => {
    for (const id of datasetIds) {
      const { classes } = catalogue[id];
      expect(catalogue[id].id).toBe(id);
      expect(classes).toHaveLength(
        { 'cifar-100': 100, 'cifar-100-coarse': 20 }[id as string] ?? 10,
      );
      expect(new Set(classes).size).toBe(classes.length);
    }
    const { classes } = catalogue['cifar-100'];
    expect(classes).toEqual([...classes].sort());
  });

  it('knows file datasets only by their own ids', () => {
    expect(isFileDatasetId('mnist')).toBe(true);
    expect(isFileDatasetId('strokes')).toBe(false);
    expect(isFileDatasetId('toString')).toBe(false);
  });

  it('chooses the complete files before the partial ones, packed or not', () => {
    const names = knownFileNames('kmnist').filter((name) => name.endsWith('.gz'));
    expect(chooseFiles('kmnist', 'train', new Set(names))?.count).toBe(60_000);
    const partial = new Set(names.filter((name) => name !== 'train-images-idx3-ubyte.gz'));
    expect(chooseFiles('kmnist', 'train', partial)).toEqual({
      names: ['train-images-first6284-idx3-ubyte.gz', 'train-labels-first6284-idx1-ubyte.gz'],
      count: 6284,
    });
    expect(chooseFiles('kmnist', 'test', new Set(['t10k-images-idx3-ubyte']))).toBeNull();
  });

  it('keeps only what is well formed and known of a mirror’s list', () => {
    const json = {
      datasets: [
        { id: 'mnist', files: [{ name: 'a', size: 1 }, { name: 2 }, null] },
        { id: '../etc', files: [] },
        'mnist',
      ],
    };
    const index = parseIndex(json);
    expect(index).toEqual({ datasets: [{ id: 'mnist', files: [{ name: 'a', size: 1 }] }] });
    expect(mirrorCounts(index.datasets[0]!)).toBeNull();
    expect(parseIndex('nonsense')).toEqual({ datasets: [] });
  });
});

describe('fingerprints', () => {
  it('computes the CRC-32 of RFC 1952', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  it('knows nothing of contents that nobody published, or that are too short', () => {
    expect(identify(new Uint8Array(70_000), 'images')).toBeNull();
    expect(identify(new Uint8Array(100), 'labels')).toBeNull();
  });
});
