import { afterEach, describe, expect, it, vi } from 'vitest';
import { findAdapter, PATIENCE } from './adapter.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an adapter', () => {
  const adapter = { info: { vendor: 'nvidia' } };
  it.each<[string, object, string | null]>([
    ['is there', { requestAdapter: async () => adapter }, null],
    [
      'is not there',
      { requestAdapter: async () => null },
      'This browser offers no WebGPU adapter.',
    ],
    [
      'is refused',
      { requestAdapter: () => Promise.reject(new Error('blocked')) },
      'This browser offers no WebGPU adapter: blocked.',
    ],
    [
      'is asked for in vain: the browser throws',
      {
        requestAdapter: () => {
          throw new TypeError('not a function');
        },
      },
      'This browser offers no WebGPU adapter: not a function.',
    ],
    [
      'is asked for in vain: the browser never answers',
      { requestAdapter: () => new Promise(() => undefined) },
      'This browser offers no WebGPU adapter: it did not answer in 5 seconds.',
    ],
  ])('%s', async (_, gpu, problem) => {
    vi.useFakeTimers();
    vi.stubGlobal('navigator', { gpu });
    const found = findAdapter();
    await vi.advanceTimersByTimeAsync(PATIENCE.adapter);
    expect(await found).toEqual({ adapter: problem === null ? adapter : null, problem });
  });

  it('cannot be where there is no WebGPU at all', async () => {
    vi.stubGlobal('navigator', {});
    expect(await findAdapter()).toEqual({
      adapter: null,
      problem: 'This browser offers no WebGPU adapter.',
    });
  });
});
