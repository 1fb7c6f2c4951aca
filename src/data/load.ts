import { assemble, type LoadOptions } from './assemble.ts';
import { DataError } from './errors.ts';
import { FORMATS } from './formats/index.ts';
import { parseHubName } from './hub/name.ts';
import type { Reading } from './pictures/read.ts';
import type { LoadRequest } from './request.ts';
import { planFromMirror } from './sources/published.ts';
import { drawInto, emptySplit, strokesDataset, type StrokesRequest } from './strokes/index.ts';
import type { Dataset } from '../core/dataset.ts';

export type { LoadOptions, LoadProgress } from './assemble.ts';

/** How pictures are read of which nobody says it: as the networks here take them that were trained on photographs. */
const PLAIN_READING: Reading = {
  ...{ share: 0.2, seed: 1 },
  fit: 'crop',
  target: { size: 32, most: 32, channels: 3 },
};

/** Longest time in milliseconds that drawing keeps a worker from hearing a cancel. */
const SLICE = 30;
/** Images drawn between two looks at the clock. */
const CHUNK = 100;
const MAX_IMAGES = 1_000_000;

/**
 * Loads a dataset; meant for a worker.
 * @param options.mirror address of the mirror's folder, ending in "/"; needed for `base: 'mirror'` only.
 * @throws DataError with a sentence; AbortError when the signal is aborted.
 */
export async function loadDataset(
  request: LoadRequest,
  options: LoadOptions & { readonly mirror?: string | undefined } = {},
): Promise<Dataset> {
  const { signal } = options;
  signal?.throwIfAborted();
  if ('unlabelled' in request) {
    const { unlabelled, reading = PLAIN_READING, limit = {} } = request;
    const { readUnlabelled } = await import('./unlabelled.ts');
    return readUnlabelled(unlabelled, reading, limit, options);
  }
  if ('files' in request) {
    const { as, hub, reading = PLAIN_READING, limit } = request;
    const { inspectFiles } = await import('./sources/files.ts');
    const { report, plan, tree } = await inspectFiles(request.files, as, signal, FORMATS, reading);
    if (plan) return assemble(plan, limit, options);
    if (!tree || tree.classes.length === 0) throw new DataError(report.sentence);
    const { readPictures } = await import('./pictures/read.ts');
    const dataset = await readPictures(tree, reading, limit ?? {}, options);
    if (hub === undefined) return dataset;
    const { id } = parseHubName(hub)!;
    return { ...dataset, title: id, source: `Hugging Face Hub, ${hub}` };
  }
  if ('pictures' in request) {
    const dataset = await loadDataset(request.beside, options);
    const [{ besideTraining }, { inspectFiles }] = await Promise.all([
      import('./pictures/read.ts'),
      import('./sources/files.ts'),
    ]);
    const { report, tree } = await inspectFiles(request.pictures, undefined, signal);
    if (!tree || tree.classless.length === 0) throw new DataError(report.sentence);
    return besideTraining(dataset, tree.classless, request.fit, options);
  }
  if (request.id === 'strokes') return drawStrokes(request, options);
  const plan = await planFromMirror(request.id, options.mirror ?? 'data/', signal);
  return assemble(plan, request.limit, options);
}

async function drawStrokes(request: StrokesRequest, options: LoadOptions): Promise<Dataset> {
  const { seed } = request;
  const counts = { train: request.train, test: request.test };
  if (!Number.isInteger(seed)) throw new DataError(`The seed must be a whole number; got ${seed}.`);
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 1 || count > MAX_IMAGES) {
      throw new DataError(
        `The number of ${name} images must be a whole number from 1 to ${MAX_IMAGES}; got ${count}.`,
      );
    }
  }
  const splits = { train: emptySplit(counts.train), test: emptySplit(counts.test) };
  const total = counts.train + counts.test;
  let before = 0;
  for (const name of ['train', 'test'] as const) {
    const { images, labels, difficulty, count } = splits[name];
    const what = name === 'train' ? 'training images' : 'test images';
    let sliceEnd = performance.now() + SLICE;
    for (let from = 0; from < count; from += CHUNK) {
      const to = Math.min(count, from + CHUNK);
      drawInto(images, labels, difficulty, from, to, seed, name);
      if (performance.now() < sliceEnd && to < count) continue;
      options.onProgress?.({ unit: 'images', done: before + to, total, what });
      await new Promise((resolve) => setTimeout(resolve));
      options.signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE;
    }
    before += count;
  }
  return strokesDataset(seed, splits.train, splits.test);
}
