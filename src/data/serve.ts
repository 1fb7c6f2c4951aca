/** The worker's side of the protocol, apart from the worker's global scope so that it can be tested. */
import { DataError, isAbort } from './errors.ts';
import { loadDataset } from './load.ts';
import { inOrder } from './order.ts';
import { inspectFiles } from './sources/files.ts';
import type { Dataset } from '../core/dataset.ts';
import type { DataRequest, DataResponse } from './protocol.ts';

/** Milliseconds between two progress messages. */
const PROGRESS_EVERY = 50;

/** Answers each request once. A new `load` cancels the one before. */
export function createServer(
  post: (response: DataResponse, transfer: ArrayBuffer[]) => void,
): (request: DataRequest) => void {
  const running = new Map<number, AbortController>();
  let latestLoad = -1;

  const answer = async (request: Exclude<DataRequest, { type: 'cancel' }>, signal: AbortSignal) => {
    const { id } = request;
    if (request.type === 'inspect') {
      const { report } = await inspectFiles(request.files, request.as, signal);
      post({ id, type: 'report', report }, []);
      return;
    }
    let last = -Infinity;
    const dataset = await loadDataset(request.request, {
      signal,
      mirror: request.mirror,
      onProgress: (progress) => {
        const now = performance.now();
        if (now - last < PROGRESS_EVERY && progress.done !== progress.total) return;
        last = now;
        post({ id, type: 'progress', progress }, []);
      },
    });
    signal.throwIfAborted();
    const given = request.order ? inOrder(dataset, request.order) : dataset;
    post({ id, type: 'dataset', dataset: given }, buffersOf(given));
  };

  return (request) => {
    if (request.type === 'cancel') {
      running.get(request.id)?.abort();
      return;
    }
    if (request.type === 'load') {
      running.get(latestLoad)?.abort();
      latestLoad = request.id;
    }
    const controller = new AbortController();
    running.set(request.id, controller);
    answer(request, controller.signal)
      .catch((error: unknown) => post({ id: request.id, type: 'error', ...wordsFor(error) }, []))
      .finally(() => running.delete(request.id));
  };
}

function wordsFor(error: unknown): { kind: 'abort' | 'data' | 'other'; message: string } {
  if (isAbort(error)) return { kind: 'abort', message: 'Loading was cancelled.' };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DataError) return { kind: 'data', message };
  if (error instanceof RangeError) {
    return {
      kind: 'data',
      message: `There is not enough memory for these images (${message}). Use fewer training images.`,
    };
  }
  return { kind: 'other', message: `Loading failed: ${message}` };
}

/** The buffers to hand over instead of copying. */
function buffersOf({ train, test }: Dataset): ArrayBuffer[] {
  const arrays = [train, test].flatMap(({ images, labels, difficulty }) => [
    images,
    labels,
    difficulty,
  ]);
  const buffers = arrays.flatMap((array) => (array ? [array.buffer] : []));
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
