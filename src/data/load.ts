import { assemble, type Limit, type LoadOptions } from './assemble.ts';
import { DataError } from './errors.ts';
import { inspectFiles } from './sources/files.ts';
import { planFromMirror } from './sources/mirror.ts';
import { readUnlabelled } from './unlabelled.ts';
import { drawInto, emptySplit, strokesDataset, type StrokesRequest } from './strokes/index.ts';
import type { Dataset } from '../core/dataset.ts';
import type { FileDatasetId } from './catalogue.ts';
import type { ByteSource } from './formats/bytes.ts';

export type { Limit, LoadOptions, LoadProgress } from './assemble.ts';

/** What to load, from where. Requests can be cloned to a worker (`File` is a `ByteSource`). */
export type LoadRequest<Source extends ByteSource = ByteSource> =
  | ({ readonly id: 'strokes' } & StrokesRequest)
  | { readonly id: FileDatasetId; readonly base: 'mirror'; readonly limit?: Limit }
  | {
      readonly files: readonly Source[];
      /** The dataset that idx files of unknown content are taken for. */
      readonly as?: FileDatasetId;
      readonly limit?: Limit;
    }
  /** Idx images without labels. */
  | { readonly unlabelled: readonly Source[]; readonly limit?: Limit };

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
  if ('unlabelled' in request)
    return readUnlabelled(request.unlabelled, request.limit ?? {}, options);
  if ('files' in request) {
    const { report, plan } = await inspectFiles(request.files, request.as, signal);
    if (!plan) throw new DataError(report.sentence);
    return assemble(plan, request.limit, options);
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
