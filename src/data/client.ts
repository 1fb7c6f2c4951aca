/** The page's side of the data worker. */
import { DataError } from './errors.ts';
import { listMirror, type MirrorIndex } from './sources/mirror.ts';
import type { Dataset } from '../core/dataset.ts';
import type { FileDatasetId } from './catalogue.ts';
import type { ImageOrder } from './order.ts';
import type { LoadProgress, LoadRequest } from './load.ts';
import type { DataRequest, DataResponse } from './protocol.ts';
import type { FilesReport } from './sources/files.ts';

export type { FilesReport } from './sources/files.ts';
export type { LoadProgress, LoadRequest } from './load.ts';

export interface DataClientOptions {
  /** Folder of the mirror, ending in "/"; default `data/` beside the page. */
  readonly mirror?: string;
  /** Makes the worker; default: the module worker beside this file. */
  readonly spawn?: () => DataWorkerPort;
}

/** The part of `Worker` that is used here, so that a test can stand in for it. */
export interface DataWorkerPort {
  postMessage(request: DataRequest): void;
  onmessage: ((event: MessageEvent<DataResponse>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

export interface DataClient {
  /**
   * Loads a dataset in the worker. A later call wins: this one then rejects with an AbortError, as it does when its
   * signal is aborted.
   * @param options.order the images that are wanted, by content and in this order, instead of all in the files' order.
   * @throws DataError with a sentence for the person.
   */
  load(
    request: LoadRequest<File>,
    options?: {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
      readonly order?: ImageOrder | undefined;
    },
  ): Promise<Dataset>;
  /** Says what files are and what is still missing, without reading them whole. */
  readonly inspect: (files: readonly File[], as?: FileDatasetId) => Promise<FilesReport>;
  /** What the page's server offers; nothing when it has no mirror. */
  listMirror(signal?: AbortSignal): Promise<MirrorIndex>;
  /** Ends the worker; everything pending rejects with an AbortError. */
  dispose(): void;
}

interface Pending {
  readonly onProgress: ((progress: LoadProgress) => void) | undefined;
  readonly settle: (response: Exclude<DataResponse, { type: 'progress' }>) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the worker at the first request, and again after it died. */
export function createDataClient(options: DataClientOptions = {}): DataClient {
  const mirror = options.mirror ?? new URL('data/', globalThis.location.href).href;
  const spawn =
    options.spawn ??
    ((): DataWorkerPort =>
      new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'data' }));
  const pending = new Map<number, Pending>();
  let port: DataWorkerPort | null = null;
  let nextId = 1;
  let latestLoad = 0;

  const endAll = (error: Error): void => {
    port?.terminate();
    port = null;
    for (const { reject } of [...pending.values()]) reject(error);
    pending.clear();
  };

  const connect = (): DataWorkerPort => {
    if (port) return port;
    port = spawn();
    port.onmessage = ({ data }) => {
      const request = pending.get(data.id);
      if (!request) return;
      if (data.type === 'progress') {
        request.onProgress?.(data.progress);
        return;
      }
      pending.delete(data.id);
      request.settle(data);
    };
    port.onerror = (event) => {
      const why = event.message ? ` (${event.message})` : '';
      endAll(
        new DataError(
          `The data worker stopped${why}. Load again; if it stops again, reload the page.`,
        ),
      );
    };
    return port;
  };

  const abort = (id: number, reason: Error): void => {
    const request = pending.get(id);
    if (!request) return;
    pending.delete(id);
    port?.postMessage({ id, type: 'cancel' });
    request.reject(reason);
  };

  const load: DataClient['load'] = (request, { signal, onProgress, order } = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(aborted('Loading was cancelled.'));
        return;
      }
      abort(latestLoad, aborted('Another dataset was asked for.'));
      const id = nextId++;
      latestLoad = id;
      const onAbort = (): void => abort(id, aborted('Loading was cancelled.'));
      const release = (): void => signal?.removeEventListener('abort', onAbort);
      signal?.addEventListener('abort', onAbort);
      pending.set(id, {
        onProgress,
        settle: (response) => {
          release();
          if (response.type === 'dataset') resolve(response.dataset);
          else reject(errorOf(response));
        },
        reject: (error) => {
          release();
          reject(error);
        },
      });
      connect().postMessage({ id, type: 'load', request, mirror, order });
    });

  const inspect: DataClient['inspect'] = (files, as) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      const settle: Pending['settle'] = (response) => {
        if (response.type === 'report') resolve(response.report);
        else reject(errorOf(response));
      };
      pending.set(id, { onProgress: undefined, settle, reject });
      connect().postMessage({ id, type: 'inspect', files, as });
    });

  return {
    load,
    inspect,
    listMirror: (signal) => listMirror(mirror, signal),
    dispose: () => endAll(aborted('The data worker was ended.')),
  };
}

function errorOf(response: Exclude<DataResponse, { type: 'progress' }>): Error {
  if (response.type !== 'error')
    return new Error('The data worker gave an answer to another question.');
  if (response.kind === 'abort') return aborted(response.message);
  return response.kind === 'data' ? new DataError(response.message) : new Error(response.message);
}

function aborted(message: string): Error {
  return new DOMException(message, 'AbortError');
}
