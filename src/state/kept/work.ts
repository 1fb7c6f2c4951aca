/**
 * What took long to train and stays in this browser until it is thrown away, so that a reload loses nothing: classifiers of a
 * finished run, the stages of a clustering. IndexedDB, one store.
 */

interface Entry {
  /** What it was made from, in words that only the same settings give. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly when: number;
  readonly value: unknown;
}

const NAME = 'offramp-work';
const STORE = 'work';
/** So many are kept; the oldest goes first. */
const MOST = 24;

/** A fresh connection a call, so that none is held that the browser has closed. */
async function within<Result>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(STORE, { keyPath: 'id' }).createIndex('when', 'when');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened.'));
  });
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () =>
        reject(transaction.error ?? new Error('The browser did not keep it.'));
    });
  } finally {
    database.close();
  }
}

/** Keeps a piece of work in the place of an earlier one of the same id. @throws whatever the browser says. */
export async function keepWork(id: string, value: unknown): Promise<void> {
  const entry: Entry = { id, when: Date.now(), value };
  await within('readwrite', (store) => store.put(entry));
  const byAge = await within('readonly', (store) => store.index('when').getAllKeys());
  for (const oldest of byAge.slice(0, -MOST)) await forgetWork(oldest);
}

/** What was kept; null where nothing was, or the browser keeps nothing. */
export async function keptWork(id: string): Promise<unknown> {
  try {
    const found = await within<Entry | undefined>(
      'readonly',
      (store) => store.get(id) as IDBRequest<Entry | undefined>,
    );
    return found?.value ?? null;
  } catch {
    return null;
  }
}

export async function forgetWork(id: IDBValidKey): Promise<void> {
  await within('readwrite', (store) => store.delete(id));
}
