/** Sentences for the person: what went wrong, what was dropped, what is worth knowing. */
import { create } from 'zustand';

/** What a person may do about what is said. */
export interface Remedy {
  /** On its button. */
  readonly label: string;
  readonly act: () => void;
}

export interface Notice {
  readonly id: number;
  readonly kind: 'error' | 'note';
  readonly text: string;
  readonly remedy: Remedy | null;
}

export interface NoticesState {
  readonly notices: readonly Notice[];
  /** Of the next notice. */
  readonly nextId: number;
}

export const useNotices = create<NoticesState>(() => ({ notices: [], nextId: 1 }));

/** Shows a sentence until it is dismissed; the same sentence is shown once. */
export function notify(kind: Notice['kind'], text: string, remedy: Remedy | null = null): void {
  useNotices.setState(({ notices, nextId: id }) =>
    notices.some((notice) => notice.text === text)
      ? { notices }
      : { notices: [...notices, { id, kind, text, remedy }], nextId: id + 1 },
  );
}

export function dismiss(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

export const dismissAll = (): void => useNotices.setState({ notices: [] });

/** Takes back what has been said of the last attempt: a new one begins. */
export function dismissErrors(): void {
  useNotices.setState(({ notices }) => ({
    notices: notices.filter(({ kind }) => kind !== 'error'),
  }));
}

/** What browsers say of code that does not come, and of what cannot be fetched. */
const CODE = /(?:dynamically imported module|module script failed|preload CSS for)(?:: ?(\S+))?/;
const FETCHED = /^(Failed to fetch|Load failed|NetworkError when attempting|network error)/;

/** The sentence of an error; what only a browser would say is said in ours. */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = CODE.exec(message);
  if (code) {
    const file = code[1]?.split('/').at(-1);
    return `Code of the page${file ? ` (${file})` : ''} could not be loaded. Look at the connection, then load the page again.`;
  }
  if (!FETCHED.test(message)) return message;
  return 'The server cannot be reached, or the transfer broke off. Try again when you are online.';
}

/** Whether the same thing may go well when it is tried again: something did not come, or a worker was lost. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (['FetchError', 'WorkerLost'].includes(error.name)) return true;
  return CODE.test(error.message) || FETCHED.test(error.message) || mayPass(error.cause);
}
