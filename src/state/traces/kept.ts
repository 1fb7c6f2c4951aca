/** Opened traces that stay in this browser until a person throws them away: IndexedDB, two stores, one for the list. */
import { create } from 'zustand';
import { checkTrace } from '../../core/trace.ts';
import { headOf, type OpenedRun } from '../../data/traces/runs.ts';

/** A line of the list. */
export interface KeptEntry {
  readonly id: string;
  readonly title: string;
  readonly files: readonly string[];
  /** Of the arrays. */
  readonly bytes: number;
}

interface KeptRuns {
  readonly id: string;
  readonly runs: readonly OpenedRun[];
}

export interface KeptList {
  /** Null until the list was read. */
  readonly entries: readonly KeptEntry[] | null;
  /** What this page's server has stored here and may; null where the browser does not say. */
  readonly room: { readonly used: number; readonly quota: number } | null;
}

export const useKept = create<KeptList>(() => ({ entries: null, room: null }));

const NAME = 'offramp-traces';
const [LIST, RUNS] = ['list', 'runs'];

/** The database; a fresh connection a call, so that none is held that the browser has closed. */
function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const store of [LIST, RUNS]) request.result.createObjectStore(store!, { keyPath: 'id' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened.'));
    request.onblocked = () => reject(new Error('Another window keeps IndexedDB closed.'));
  });
}

/** What `work` asks for, once all of it is done; nothing of it where a part fails. */
async function within<Result>(
  mode: IDBTransactionMode,
  work: (list: IDBObjectStore, runs: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction([LIST!, RUNS!], mode);
      const request = work(transaction.objectStore(LIST!), transaction.objectStore(RUNS!));
      transaction.oncomplete = () => resolve(request.result);
      const fail = (): void =>
        reject(transaction.error ?? request.error ?? new Error('IndexedDB refused.'));
      transaction.onabort = fail;
      transaction.onerror = fail;
    });
  } finally {
    database.close();
  }
}

/** The same files of the same run take the place of what was kept before. */
function entryOf(runs: readonly OpenedRun[]): KeptEntry {
  const heads = runs.map(headOf);
  const files = [...new Set(runs.flatMap((run) => run.files))];
  const title = heads
    .map(({ network, dataset, method }) => `${network} on ${dataset}, ${method}`)
    .join('; ');
  const traces = runs.flatMap((run) => Object.values(run.traces));
  const bytes = traces.reduce(
    (all, { label, prediction, confidence }) =>
      all + label.byteLength + prediction.byteLength + confidence.byteLength,
    0,
  );
  return { id: `${title} · ${files.join(' ')} · ${bytes}`, title, files, bytes };
}

/** Keeps what was opened. @throws whatever the browser says where there is no room, or no IndexedDB. */
export async function keep(runs: readonly OpenedRun[]): Promise<void> {
  const entry = entryOf(runs);
  await within('readwrite', (list, store) => {
    store.put({ id: entry.id, runs } satisfies KeptRuns);
    return list.put(entry);
  });
  if (useKept.getState().entries) await readList();
}

/** Reads the list anew. */
export async function readList(): Promise<void> {
  const entries = await within<KeptEntry[]>(
    'readonly',
    (list) => list.getAll() as IDBRequest<KeptEntry[]>,
  );
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  const { usage, quota } = estimate ?? {};
  const room = usage !== undefined && quota !== undefined ? { used: usage, quota } : null;
  useKept.setState({ entries, room });
}

/** The runs of an entry, checked as any trace from outside is. @throws Error with a sentence. */
export async function runsOfKept(id: string): Promise<readonly OpenedRun[]> {
  const found = await within<KeptRuns | undefined>(
    'readonly',
    (_, runs) => runs.get(id) as IDBRequest<KeptRuns | undefined>,
  );
  if (!found) throw new Error('That trace is no longer kept in this browser. Open its file again.');
  for (const run of found.runs) for (const trace of Object.values(run.traces)) checkTrace(trace);
  return found.runs;
}

export async function throwAway(id: string): Promise<void> {
  await within('readwrite', (list, runs) => {
    runs.delete(id);
    return list.delete(id);
  });
  await readList();
}
