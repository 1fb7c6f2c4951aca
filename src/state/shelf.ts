/** What a person opened and this browser keeps until it is thrown away: IndexedDB, a list and what stands behind it. */

/** What this page's server has stored here and may; null where the browser does not say. */
export type Room = { readonly used: number; readonly quota: number } | null;

export interface Shelf<
  Entry extends { readonly id: string },
  Content extends { readonly id: string },
> {
  /** All of it, or nothing. @throws whatever the browser says where there is no room, or no IndexedDB. */
  readonly put: (entry: Entry, content: Content) => Promise<void>;
  readonly list: () => Promise<readonly Entry[]>;
  readonly find: (id: string) => Promise<Content | undefined>;
  readonly remove: (id: string) => Promise<void>;
}

const [LIST, CONTENTS] = ['list', 'runs'];

/** The database; a fresh connection a call, so that none is held that the browser has closed. */
function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const store of [LIST, CONTENTS])
        request.result.createObjectStore(store!, { keyPath: 'id' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened.'));
    request.onblocked = () => reject(new Error('Another window keeps IndexedDB closed.'));
  });
}

/** @param name of the database. */
export function shelf<
  Entry extends { readonly id: string },
  Content extends { readonly id: string },
>(name: string): Shelf<Entry, Content> {
  /** What `work` asks for, once all of it is done; nothing of it where a part fails. */
  const within = async <Result>(
    mode: IDBTransactionMode,
    work: (list: IDBObjectStore, contents: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> => {
    const database = await open(name);
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction([LIST!, CONTENTS!], mode);
        const request = work(transaction.objectStore(LIST!), transaction.objectStore(CONTENTS!));
        transaction.oncomplete = () => resolve(request.result);
        const fail = (): void =>
          reject(transaction.error ?? request.error ?? new Error('IndexedDB refused.'));
        transaction.onabort = fail;
        transaction.onerror = fail;
      });
    } finally {
      database.close();
    }
  };
  return {
    put: async (entry, content) => {
      await within('readwrite', (list, contents) => {
        contents.put(content);
        return list.put(entry);
      });
    },
    list: () => within('readonly', (list) => list.getAll() as IDBRequest<Entry[]>),
    find: (id) =>
      within('readonly', (_, contents) => contents.get(id) as IDBRequest<Content | undefined>),
    remove: (id) =>
      within('readwrite', (list, contents) => {
        contents.delete(id);
        return list.delete(id);
      }),
  };
}

export async function roomHere(): Promise<Room> {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  const { usage, quota } = estimate ?? {};
  return usage !== undefined && quota !== undefined ? { used: usage, quota } : null;
}
