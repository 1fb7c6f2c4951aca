import { describe, expect, it, vi } from 'vitest';
import { Once } from './once.ts';

describe('what is asked for once', () => {
  it('is the same for all who want it', async () => {
    const once = new Once<string, number>();
    const make = vi.fn(() => Promise.resolve(7));
    expect(await Promise.all([once.get('a', make), once.get('a', make)])).toEqual([7, 7]);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('is asked for again after a failure', async () => {
    const once = new Once<string, number>();
    await expect(once.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await once.get('a', () => Promise.resolve(1))).toBe(1);
  });

  it('keeps so many, and drops what nobody wanted for longest', async () => {
    const once = new Once<string, string>(2);
    const make = vi.fn((key: string) => Promise.resolve(key));
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await once.get(key, () => make(key));
    expect(make.mock.calls.flat()).toEqual(['a', 'b', 'c', 'b']);
  });
});
