/** What a person opened and this browser keeps until it is thrown away: IndexedDB, a list and what stands behind it. */
import { within, type Database } from './database.ts';

/** What this page's server has stored here and may; null where the browser does not say. */
export type Room = { readonly used: number; readonly quota: number } | null;

export interface Shelf<
  Entry extends { readonly id: string },
  Content extends { readonly id: string },
> {
  /** All of it, or nothing. @throws whatever the browser says where there is no room, or no IndexedDB. */
  readonly put: (entry: Entry, content: Content) => Promise<void>;
  /** Another line of the list for content that is there. @throws as `put`. */
  readonly relist: (entry: Entry) => Promise<void>;
  readonly list: () => Promise<readonly Entry[]>;
  readonly find: (id: string) => Promise<Content | undefined>;
  readonly remove: (id: string) => Promise<void>;
}

/** @param name of the database. */
export function shelf<
  Entry extends { readonly id: string },
  Content extends { readonly id: string },
>(name: string): Shelf<Entry, Content> {
  // What stands behind the list was runs at first, and is called so since.
  const database: Database<'list' | 'runs'> = {
    name,
    stores: ['list', 'runs'],
    make: (made, store) => made.createObjectStore(store, { keyPath: 'id' }),
  };
  return {
    put: async (entry, content) => {
      await within(database, 'readwrite', (store) => {
        store('runs').put(content);
        return store('list').put(entry);
      });
    },
    relist: async (entry) => {
      await within(database, 'readwrite', (store) => store('list').put(entry));
    },
    list: () =>
      within(database, 'readonly', (store) => store('list').getAll() as IDBRequest<Entry[]>),
    find: (id) =>
      within(
        database,
        'readonly',
        (store) => store('runs').get(id) as IDBRequest<Content | undefined>,
      ),
    remove: (id) =>
      within(database, 'readwrite', (store) => {
        store('runs').delete(id);
        return store('list').delete(id);
      }),
  };
}

export async function roomHere(): Promise<Room> {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  const { usage, quota } = estimate ?? {};
  return usage !== undefined && quota !== undefined ? { used: usage, quota } : null;
}
