/** The page's side of the data worker. */
import { DataError, isAbort } from './errors.ts';
import { listMirror, type MirrorIndex } from './sources/mirror.ts';
import type { Dataset, ImageShape } from '../core/dataset.ts';
import type { FileDatasetId } from './catalogue.ts';
import type { HubFiles } from './hub/fetch.ts';
import type { ImageOrder } from './order.ts';
import type { LoadProgress } from './load.ts';
import type { Sharing } from './pictures/tree.ts';
import { placed } from './places.ts';
import { withFiles, type LoadRequest } from './request.ts';
import { buffersOf, withOwnArrays } from '../wire/buffers.ts';
import { Channel, reviveError } from '../wire/channel.ts';
import { portOf, type WorkerLike } from '../wire/port.ts';
import type { DataCalls } from './protocol.ts';
import type { Shift } from './shift/corruptions.ts';
import type { FilesReport } from './sources/files.ts';
import type { Answers, Built, Draft, TableRevision } from './traces/draft.ts';
import type { HeldRun, HoldRequest } from './traces/hold.ts';
import type { Coming } from './traces/fetch.ts';
import type { OpenedFiles, TracePlaces } from './traces/open.ts';
import type { PackedRun } from './traces/packed.ts';
import type { OpenedRun } from './traces/runs.ts';

export type { FilesReport } from './sources/files.ts';
export type { LoadProgress } from './load.ts';
export type { LoadRequest } from './request.ts';

export interface DataClientOptions {
  /** Folder of the mirror, ending in "/"; default `data/` beside the page. */
  readonly mirror?: string;
  /** Makes the worker; default: the module worker beside this file. */
  readonly spawn?: () => DataWorkerPort;
}

export type DataWorkerPort = WorkerLike<DataCalls>;

export interface DataClient {
  /**
   * Loads a dataset in the worker. A later call of the same owner wins: this one then rejects with an AbortError, as it
   * does when its signal is aborted.
   * @param options.owner for whom; loads of different owners leave each other alone.
   * @param options.order the images that are wanted, by content and in this order, instead of all in the files' order.
   * @throws DataError with a sentence for the person.
   */
  load(
    request: LoadRequest<File>,
    options?: {
      readonly owner?: string;
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
      readonly order?: ImageOrder | undefined;
    },
  ): Promise<Dataset>;
  /**
   * Says what files are and what is still missing, without reading them whole.
   * @param sharing how pictures are divided where no folder says it.
   */
  readonly inspect: (
    files: readonly File[],
    as?: FileDatasetId,
    sharing?: Sharing,
  ) => Promise<FilesReport>;
  /**
   * The bytes of a file anywhere, which a person has named.
   * @param most bytes that are read of it.
   * @throws DataError with a sentence when it cannot be had, is a page, or has more; AbortError.
   */
  readonly fetch: (
    address: URL,
    most: number,
    options: { readonly signal?: AbortSignal; readonly onProgress?: (coming: Coming) => void },
  ) => Promise<Uint8Array>;
  /**
   * Fetches a dataset of the Hugging Face Hub.
   * @param known names, pinned to a commit, of which the files are at hand: such a one is only named.
   * @throws DataError with a sentence that says what to do; AbortError.
   */
  readonly hub: (
    name: string,
    known: readonly string[],
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: LoadProgress) => void;
    },
  ) => Promise<HubFiles>;
  /**
   * Reads the traces that files or addresses hold.
   * @throws DataError with a sentence that names the file and what is wrong with it; AbortError.
   */
  readonly traces: (places: TracePlaces, signal?: AbortSignal) => Promise<OpenedFiles>;
  /** Images corrupted in a known way; those that are given stay as they are. */
  readonly shift: (images: Uint8Array, shape: ImageShape, shift: Shift) => Promise<Uint8Array>;
  /** Reads the tables of a draft in another way. @throws DataError when it is no longer at hand. */
  readonly revise: (id: number, tables: readonly TableRevision[]) => Promise<Draft>;
  /** Makes traces of a draft, or says which answers are wrong. @throws DataError when it is no longer at hand. */
  readonly build: (id: number, answers: Answers) => Promise<Built>;
  /** Holds an opened run by another confidence. @throws DataError with a sentence when there is nothing to fit on; AbortError. */
  readonly hold: (request: HoldRequest, signal?: AbortSignal) => Promise<HeldRun>;
  /** Runs as they were before they were kept. @throws DataError with a sentence when one is damaged. */
  readonly unpack: (runs: readonly PackedRun[]) => Promise<readonly OpenedRun[]>;
  /** What the page's server offers; nothing when it has no mirror. */
  listMirror(signal?: AbortSignal): Promise<MirrorIndex>;
  /** Ends the worker; everything pending rejects with an AbortError. */
  dispose(): void;
}

/** Starts the worker at the first request, and again after it died. */
export function createDataClient(options: DataClientOptions = {}): DataClient {
  const mirror = options.mirror ?? new URL('data/', globalThis.location.href).href;
  const spawn =
    options.spawn ??
    ((): DataWorkerPort =>
      new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'data' }));
  let channel: Channel<DataCalls> | null = null;
  const latestLoads = new Map<string, AbortController>();

  const connect = (): Channel<DataCalls> => {
    if (!channel || channel.isDead) channel = new Channel<DataCalls>(portOf(spawn()), lost, revive);
    return channel;
  };

  const load: DataClient['load'] = async (what, { owner = '', signal, onProgress, order } = {}) => {
    if (signal?.aborted) throw aborted('Loading was cancelled.');
    latestLoads.get(owner)?.abort(aborted('Another dataset was asked for.'));
    const mine = new AbortController();
    latestLoads.set(owner, mine);
    const onAbort = (): void => mine.abort(aborted('Loading was cancelled.'));
    signal?.addEventListener('abort', onAbort);
    try {
      const call = { signal: mine.signal, onProgress };
      const request = { what: withFiles(what, placed), mirror, order };
      const worker = connect();
      return await worker.call('load', request, call).catch((error: unknown) => {
        // A worker that was lost takes nothing along: another one begins anew, once.
        if (!worker.isDead || isAbort(error) || mine.signal.aborted) throw error;
        return connect().call('load', request, call);
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  };

  return {
    load,
    inspect: (files, as, sharing) =>
      connect().call('inspect', { files: files.map(placed), as, sharing }),
    fetch: ({ href }, most, options) => connect().call('fetch', { address: href, most }, options),
    hub: (name, known, options) => connect().call('hub', { name, known }, options),
    traces: (places, signal) => connect().call('traces', places, { signal }),
    revise: (id, tables) => connect().call('revise', { id, tables }),
    shift: (images, shape, shift) => connect().call('shift', { images, shape, shift }),
    build: (id, answers) => connect().call('build', { id, answers }),
    hold: (request, signal) => {
      const own = withOwnArrays(request);
      return connect().call('hold', own, { signal, transfer: buffersOf(own) });
    },
    unpack: (runs) => connect().call('unpack', { runs }),
    listMirror: (signal) => listMirror(mirror, signal),
    dispose: () => channel?.terminate(aborted('The data worker was ended.')),
  };
}

function lost(reason: string): DataError {
  return new DataError(
    `The data worker stopped (${reason}). Load again; if it stops again, reload the page.`,
  );
}

function revive(name: string, message: string): Error {
  return name === 'DataError' ? new DataError(message) : reviveError(name, message);
}

function aborted(message: string): Error {
  return new DOMException(message, 'AbortError');
}
