/** Sentences for the person: what went wrong, what was dropped, what is worth knowing. */
import { create } from 'zustand';

export interface Notice {
  readonly id: number;
  readonly kind: 'error' | 'note';
  readonly text: string;
}

export interface NoticesState {
  readonly notices: readonly Notice[];
  /** Of the next notice. */
  readonly nextId: number;
}

export const useNotices = create<NoticesState>(() => ({ notices: [], nextId: 1 }));

/** Shows a sentence until it is dismissed; the same sentence is shown once. */
export function notify(kind: Notice['kind'], text: string): void {
  useNotices.setState(({ notices, nextId: id }) =>
    notices.some((notice) => notice.text === text)
      ? { notices }
      : { notices: [...notices, { id, kind, text }], nextId: id + 1 },
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

/** The sentence of an error. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
