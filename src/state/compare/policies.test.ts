import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SearchStep } from '../../core/search/best.ts';
import type { Trace } from '../../core/trace.ts';
import { runSearch } from '../../engine/client/search.ts';
import { policiesOn } from './policies.ts';

vi.mock('../../engine/client/search.ts', () => ({ runSearch: vi.fn() }));

const step = {
  found: [
    { cost: 0.5, accuracy: 0.8, thresholds: [1] },
    { cost: 0.2, accuracy: 0.6, thresholds: [2] },
    { cost: 0.6, accuracy: 0.7, thresholds: [3] },
  ],
  done: 1,
} as unknown as SearchStep;

/** Ends of the searches that have been begun. */
let ends: (() => void)[];
let signals: AbortSignal[];
const trace = (): Trace => ({ method: 'e2cm' }) as Trace;

beforeEach(() => {
  ends = [];
  signals = [];
  vi.mocked(runSearch)
    .mockReset()
    .mockImplementation((_, onStep, signal) => {
      signals.push(signal!);
      return new Promise((resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason as Error));
        ends.push(() => {
          onStep(step);
          resolve();
        });
      });
    });
});

describe('policies on a trace', () => {
  it('are searched once, however many ask, and beaten ones are left out', async () => {
    const train = trace();
    const [one, two] = [policiesOn(train, 'paper', 1), policiesOn(train, 'paper', 1)];
    expect(runSearch).toHaveBeenCalledTimes(1);
    ends[0]!();
    expect((await one).map(({ cost }) => cost)).toEqual([0.2, 0.5]);
    expect(await two).toBe(await one);
    expect(await policiesOn(train, 'paper', 1)).toBe(await one);
    expect(runSearch).toHaveBeenCalledTimes(1);
  });

  it('by class are searched where an exit has one threshold, of two judges too', async () => {
    const under = (agreement: string): Trace =>
      ({
        method: 'e2cm-sdn',
        second: {},
        provenance: { options: { agreement } },
      }) as unknown as Trace;
    void policiesOn(under('and-label'), 'class-aware', 1);
    expect(runSearch).toHaveBeenCalledTimes(1);
    for (const rule of ['or', 'and-confidence', 'by-label'])
      await expect(policiesOn(under(rule), 'class-aware', 1)).rejects.toThrow('Two judges');
    expect(runSearch).toHaveBeenCalledTimes(1);
  });

  it('are other ones for another trace, search or seed', () => {
    const train = trace();
    void policiesOn(train, 'paper', 1);
    void policiesOn(train, 'frontier', 1);
    void policiesOn(train, 'paper', 2);
    void policiesOn(trace(), 'paper', 1);
    expect(runSearch).toHaveBeenCalledTimes(4);
  });

  it('are searched on while one of two still waits, and not when nobody does', async () => {
    const train = trace();
    const stop = new AbortController();
    const other = new AbortController();
    const stopped = policiesOn(train, 'paper', 1, stop.signal);
    const waiting = policiesOn(train, 'paper', 1, other.signal);
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(signals[0]!.aborted).toBe(false);
    other.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(signals[0]!.aborted).toBe(true);
    // And who asks later gets a search of their own.
    const again = policiesOn(train, 'paper', 1);
    ends[1]!();
    expect(await again).toHaveLength(2);
  });

  it('are searched again after a failure', async () => {
    const train = trace();
    vi.mocked(runSearch).mockRejectedValueOnce(new Error('The search worker stopped.'));
    await expect(policiesOn(train, 'paper', 1)).rejects.toThrow('The search worker stopped.');
    const again = policiesOn(train, 'paper', 1);
    ends[0]!();
    expect(await again).toHaveLength(2);
  });
});
