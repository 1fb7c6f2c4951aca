/**
 * What took long to train and stays in this browser until it is thrown away, so that a reload loses nothing: classifiers of a
 * finished run, the stages of a clustering. IndexedDB, one store.
 */
import { within, type Database } from '../database.ts';

interface Entry {
  /** What it was made from, in words that only the same settings give. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly when: number;
  readonly value: unknown;
}

const database: Database<'work'> = {
  name: 'offramp-work',
  stores: ['work'],
  make: (made, store) =>
    made.createObjectStore(store, { keyPath: 'id' }).createIndex('when', 'when'),
};
/** So many are kept; the oldest goes first. */
const MOST = 24;

/** Keeps a piece of work in the place of an earlier one of the same id. @throws whatever the browser says. */
export async function keepWork(id: string, value: unknown): Promise<void> {
  const entry: Entry = { id, when: Date.now(), value };
  await within(database, 'readwrite', (store) => store('work').put(entry));
  const byAge = await within(database, 'readonly', (store) =>
    store('work').index('when').getAllKeys(),
  );
  for (const oldest of byAge.slice(0, -MOST)) await forgetWork(oldest);
}

/** What was kept; null where nothing was, or the browser keeps nothing. */
export async function keptWork(id: string): Promise<unknown> {
  try {
    const found = await within(
      database,
      'readonly',
      (store) => store('work').get(id) as IDBRequest<Entry | undefined>,
    );
    return found?.value ?? null;
  } catch {
    return null;
  }
}

export async function forgetWork(id: IDBValidKey): Promise<void> {
  await within(database, 'readwrite', (store) => store('work').delete(id));
}
