import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sayAlive, Watch, type Sign } from './life.ts';

/** Locks as a browser has them: whoever asks waits until all before are done; what a dead worker held goes on. */
class Locks {
  readonly #held = new Map<string, (() => void)[]>();
  request(name: string, ...rest: unknown[]): Promise<unknown> {
    const work = rest.at(-1) as () => unknown;
    const signal = (rest[0] as { signal?: AbortSignal }).signal;
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        void Promise.resolve(work()).then(resolve);
      };
      const queue = this.#held.get(name);
      if (!queue) {
        this.#held.set(name, []);
        return begin();
      }
      queue.push(begin);
      signal?.addEventListener('abort', () => {
        queue.splice(queue.indexOf(begin), 1);
        reject(signal.reason as Error);
      });
    });
  }
  /** What happens when the browser ends a worker. */
  kill(name: string): void {
    this.#held.get(name)?.shift()?.();
  }
}

let locks = new Locks();
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { locks: (locks = new Locks()) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function setUp() {
  const said: Sign[] = [];
  const onDeath = vi.fn<(reason: string) => void>();
  sayAlive((sign) => said.push(sign));
  const watch = new Watch(onDeath);
  for (const sign of said) watch.born(sign);
  return { onDeath, watch, lock: said[0]?.lock };
}

const MINUTE = 60_000;

describe('a worker', () => {
  it('that the browser ends without a word is known to be dead at once', async () => {
    const { onDeath, lock } = setUp();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    // However long it computes.
    expect(onDeath).not.toHaveBeenCalled();
    locks.kill(lock!);
    expect(onDeath).toHaveBeenCalledExactlyOnceWith('the browser ended it');
  });

  it('that is ended here is not mourned', async () => {
    const { onDeath, lock, watch } = setUp();
    watch.end();
    locks.kill(lock!);
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(onDeath).not.toHaveBeenCalled();
  });

  it('whose code never comes is given up', async () => {
    const onDeath = vi.fn<(reason: string) => void>();
    new Watch(onDeath);
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(onDeath).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(onDeath).toHaveBeenCalledExactlyOnceWith('it has not begun in 3 minutes');
  });

  it.each([
    ['there are none', undefined],
    ['the browser refuses them', { request: () => Promise.reject(new Error('not allowed')) }],
  ])('without locks, because %s, says so', async (_, none) => {
    vi.stubGlobal('navigator', { locks: none });
    const said: Sign[] = [];
    sayAlive((sign) => said.push(sign));
    await vi.advanceTimersByTimeAsync(0);
    expect(said).toEqual([{ type: 'alive', lock: null }]);
  });
});
