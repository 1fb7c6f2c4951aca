/**
 * Whether a worker lives. A browser may end one without a word, and a worker that computes cannot answer: so it holds a lock
 * for as long as it lives, which the browser gives to whoever waits for it once the worker is gone. Where there are no
 * locks (pages that came over plain http from another machine) nobody is told.
 */

/** What a worker says of itself before any answer: it has begun, and holds that lock; null where there are none. */
export interface Sign {
  readonly type: 'alive';
  readonly lock: string | null;
}

/** Milliseconds after which code that has not begun is not waited for. */
const BIRTH = 180_000;

/** The worker's end: holds a lock, then says so. */
export function sayAlive(say: (sign: Sign) => void): void {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) return say({ type: 'alive', lock: null });
  const lock = `alive-${crypto.randomUUID()}`;
  locks
    .request(lock, () => {
      say({ type: 'alive', lock });
      return new Promise(() => undefined);
    })
    .catch(() => say({ type: 'alive', lock: null }));
}

/** The caller's end. */
export class Watch {
  readonly #end = new AbortController();
  readonly #birth: ReturnType<typeof setTimeout>;

  constructor(private readonly onDeath: (reason: string) => void) {
    this.#birth = setTimeout(() => onDeath(`it has not begun in ${BIRTH / 60_000} minutes`), BIRTH);
  }

  /** The worker has begun. */
  born({ lock }: Sign): void {
    clearTimeout(this.#birth);
    if (lock === null) return;
    const { signal } = this.#end;
    navigator.locks
      .request(lock, { signal }, () => {
        if (!signal.aborted) this.onDeath('the browser ended it');
      })
      // Nobody waits any more.
      .catch(() => undefined);
  }

  end(): void {
    clearTimeout(this.#birth);
    this.#end.abort();
  }
}
