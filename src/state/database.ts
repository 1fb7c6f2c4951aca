/** One piece of work on an IndexedDB of this page. */

export interface Database<Store extends string> {
  readonly name: string;
  readonly stores: readonly Store[];
  /** Makes a store where the database is new. */
  readonly make: (database: IDBDatabase, store: Store) => void;
}

/** A fresh connection a call, so that none is held that the browser has closed. */
function open<Store extends string>(of: Database<Store>): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(of.name, 1);
    request.onupgradeneeded = () => {
      for (const store of of.stores) of.make(request.result, store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened.'));
    request.onblocked = () => reject(new Error('Another window keeps IndexedDB closed.'));
  });
}

/**
 * What `work` asks for, once all of it is done; nothing of it where a part fails.
 * @throws whatever the browser says where there is no room, or no IndexedDB.
 */
export async function within<Store extends string, Result>(
  of: Database<Store>,
  mode: IDBTransactionMode,
  work: (store: (name: Store) => IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await open(of);
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction([...of.stores], mode);
      const request = work((name) => transaction.objectStore(name));
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
