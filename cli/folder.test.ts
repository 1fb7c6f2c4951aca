import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cycle, gzipped, idxImagesFile, idxLabelsFile } from '../src/data/testing.ts';
import { loadFolder } from './folder.ts';

/** More than one piece of a file that is read. */
const COUNT = 3000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offramp-'));
  await mkdir(join(folder, 'mnist'));
  const files = {
    'train-images-idx3-ubyte': idxImagesFile(COUNT),
    'train-labels-idx1-ubyte': idxLabelsFile(cycle(COUNT)),
    't10k-images-idx3-ubyte.gz': await gzipped(idxImagesFile(COUNT)),
    't10k-labels-idx1-ubyte.gz': await gzipped(idxLabelsFile(cycle(COUNT))),
  };
  for (const [name, bytes] of Object.entries(files))
    await writeFile(join(folder, 'mnist', name), bytes);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a folder of published files', () => {
  it('is read in pieces, packed or not, as far as is asked for', async () => {
    const { train, test, classes } = await loadFolder(folder, 'mnist', { train: 2500, test: 10 });
    expect(classes).toHaveLength(10);
    expect(train.count).toBe(2500);
    expect([...train.labels]).toEqual(cycle(COUNT).slice(0, 2500));
    const images = idxImagesFile(COUNT).subarray(16);
    expect(Buffer.compare(train.images, images.subarray(0, 2500 * 28 * 28))).toBe(0);
    expect(Buffer.compare(test.images, images.subarray(0, 10 * 28 * 28))).toBe(0);
  });

  it('has to be there', async () => {
    await expect(loadFolder(join(folder, 'none'), 'mnist')).rejects.toThrow(/does not exist/);
  });
});
