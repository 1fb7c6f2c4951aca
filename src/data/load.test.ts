import { describe, expect, it, vi, afterEach } from 'vitest';
import { loadDataset, type LoadProgress } from './load.ts';
import { generateStrokes } from './strokes/index.ts';
import {
  cifarFile,
  cycle,
  gzipped,
  idxLabelsFile,
  idxSet,
  sourceOf,
  idxImagesFile,
} from './testing.ts';
import type { Bytes } from './formats/bytes.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const files = (set: Map<string, Bytes>) => [...set].map(([name, bytes]) => sourceOf(name, bytes));

describe('loadDataset', () => {
  it('draws strokes like the generator, with progress', async () => {
    const progress: LoadProgress[] = [];
    const request = { id: 'strokes', seed: 4, train: 250, test: 120 } as const;
    const dataset = await loadDataset(request, { onProgress: (p) => progress.push(p) });
    expect(dataset).toEqual(generateStrokes(request));
    expect(progress.at(-1)).toMatchObject({ unit: 'images', done: 370, total: 370 });
  });

  it('refuses numbers of strokes that make no sense', async () => {
    const load = (train: number) => loadDataset({ id: 'strokes', seed: 1, train, test: 1 });
    await expect(load(0)).rejects.toThrow('whole number from 1 to 1000000; got 0');
    await expect(load(1.5)).rejects.toThrow('got 1.5');
    await expect(load(NaN)).rejects.toThrow('got NaN');
  });

  it('can be cancelled while drawing', async () => {
    const controller = new AbortController();
    const loading = loadDataset(
      { id: 'strokes', seed: 1, train: 50_000, test: 1 },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('reads given files and says what they are', async () => {
    const progress: LoadProgress[] = [];
    const dataset = await loadDataset(
      { files: files(idxSet()), as: 'mnist' },
      { onProgress: (p) => progress.push(p) },
    );
    expect(dataset).toMatchObject({
      id: 'mnist',
      shape: [28, 28, 1],
      source: 'files opened here',
      train: { count: 30 },
      test: { count: 10 },
    });
    expect(dataset.note).toBe(
      'training images: 30 instead of 60,000; test images: 10 instead of 10,000; ' +
        'the files are not (all) the published MNIST files; 10 test images are among the training images too',
    );
    const last = progress.at(-1)!;
    expect(last.done).toBe(last.total);
  });

  it('says of files in the layout of CIFAR that they are not the published ones', async () => {
    const names = ['test_batch', ...[1, 2, 3, 4, 5].map((n) => `data_batch_${n}`)];
    const sources = names.map((name) => sourceOf(`${name}.bin`, cifarFile(cycle(30), 'cifar-10')));
    for (const limit of [{}, { train: 20 }])
      expect((await loadDataset({ files: sources, limit })).note).toContain(
        'the files are not (all) the published CIFAR-10 files',
      );
  });

  it('counts the classes of unknown files by their training labels', async () => {
    const dataset = await loadDataset({ files: files(idxSet()) });
    expect(dataset).toMatchObject({ id: 'files', title: 'Your files' });
    expect(dataset.classes).toHaveLength(10);
    const set = idxSet();
    set.set('t10k-labels-idx1-ubyte', idxLabelsFile([...cycle(9), 77]));
    await expect(loadDataset({ files: files(set) })).rejects.toThrow('image 9 the label 77');
  });

  it('finds labels out of range for the chosen dataset', async () => {
    const set = idxSet();
    set.set('train-labels-idx1-ubyte', idxLabelsFile(cycle(30, 11)));
    await expect(loadDataset({ files: files(set), as: 'mnist' })).rejects.toThrow(
      'train-labels-idx1-ubyte gives image 10 the label 10; expected 0 … 9.',
    );
  });

  it('refuses training and test images of different sizes', async () => {
    const set = idxSet();
    set.set('t10k-images-idx3-ubyte', idxImagesFile(10, 8, 8));
    await expect(loadDataset({ files: files(set) })).rejects.toThrow(
      'The training images are 28 × 28 pixels, the test images 8 × 8',
    );
  });

  it('says which files are missing', async () => {
    const some = files(idxSet()).slice(0, 3);
    await expect(loadDataset({ files: some, as: 'kmnist' })).rejects.toThrow(
      'KMNIST still needs the test labels (t10k-labels-idx1-ubyte.gz).',
    );
  });

  it('uses only the first images when limited, and says so', async () => {
    const request = { files: files(idxSet()), limit: { train: 12 } };
    const { train, note } = await loadDataset(request);
    expect(train).toMatchObject({ count: 12 });
    expect(train.images.buffer.byteLength).toBe(12 * 784);
    expect(train.labels.buffer.byteLength).toBe(12);
    expect(note).toBe(
      'training images: the first 12 of 30; 10 test images are among the training images too',
    );
    await expect(loadDataset({ ...request, limit: { test: 0 } })).rejects.toThrow('above 0; got 0');
  });

  it('reads a mirror, packed files and all', async () => {
    const batches = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`);
    const served = new Map<string, Bytes>();
    for (const name of batches) served.set(name, cifarFile(cycle(3), 'cifar-10'));
    served.set('test_batch.bin.gz', await gzipped(cifarFile(cycle(2), 'cifar-10')));
    const listed = [...served].map(([name, bytes]) => ({ name, size: bytes.length }));
    const index = { datasets: [{ id: 'cifar-10', files: listed }] };
    serve('http://here/data/', 'cifar-10', served, index);
    const dataset = await loadDataset(
      { id: 'cifar-10', base: 'mirror' },
      { mirror: 'http://here/data/' },
    );
    expect(dataset).toMatchObject({ id: 'cifar-10', train: { count: 15 }, test: { count: 2 } });
    expect(dataset.source).toBe("published files from the server's folder");
  });

  it('says what to do when the mirror lacks the dataset, a file, or is not there', async () => {
    const load = () =>
      loadDataset({ id: 'mnist', base: 'mirror' }, { mirror: 'http://here/data/' });
    serve('http://here/data/', 'mnist', new Map(), { datasets: [] });
    await expect(load()).rejects.toThrow('offers no MNIST files. Start it with OFFRAMP_DATA=DIR');
    serve('http://here/data/', 'mnist', new Map(), {
      datasets: [{ id: 'mnist', files: [{ name: 'train-images-idx3-ubyte.gz', size: 1 }] }],
    });
    await expect(load()).rejects.toThrow('lacks train files; expected train-images-idx3-ubyte.gz');
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    await expect(load()).rejects.toThrow('The page’s server cannot be reached');
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<!doctype html>')));
    await expect(load()).rejects.toThrow('offers no MNIST files');
    const listed = [...idxSet()].map(([name, bytes]) => ({ name, size: bytes.length }));
    serve('http://here/data/', 'mnist', new Map(), { datasets: [{ id: 'mnist', files: listed }] });
    await expect(load()).rejects.toThrow('The server answered 404 for train-labels-idx1-ubyte');
  });
});

/** Stands in for a server with one dataset. */
function serve(url: string, id: string, served: Map<string, Bytes>, index: unknown): void {
  vi.stubGlobal('fetch', (address: string) => {
    if (address === `${url}index.json`) return Promise.resolve(Response.json(index));
    const bytes = served.get(address.replace(`${url}${id}/`, ''));
    return Promise.resolve(bytes ? new Response(bytes) : new Response('', { status: 404 }));
  });
}
