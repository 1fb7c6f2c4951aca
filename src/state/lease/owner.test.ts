import { describe, expect, it } from 'vitest';
import { isAbort } from '../../data/errors.ts';
import { clearEngine, engineServed, giveEngineBack, takeEngine, takenBy } from './owner.ts';

describe('the engine', () => {
  it('goes to who asked last, and the one before is told who has it now', () => {
    const race = new AbortController();
    const run = new AbortController();
    takeEngine('race', race);
    takeEngine('explore', run);
    expect(takenBy(race)).toBe('explore');
    expect(isAbort(race.signal.reason)).toBe(true);
    expect(run.signal.aborted).toBe(false);
    expect(engineServed('explore')).toBe(true);
    expect(engineServed('race')).toBe(false);
  });

  it('is kept by work that takes it for one step after another', () => {
    const race = new AbortController();
    takeEngine('race', race);
    takeEngine('race', race);
    expect(race.signal.aborted).toBe(false);
  });

  it('is not given to work that has been ended', () => {
    const run = new AbortController();
    const race = new AbortController();
    takeEngine('race', race);
    run.abort();
    expect(() => takeEngine('explore', run)).toThrow();
    expect(race.signal.aborted).toBe(false);
  });

  it('leaves work alone that gave it back, and work that came after', () => {
    const run = new AbortController();
    const race = new AbortController();
    takeEngine('explore', run);
    giveEngineBack(run);
    takeEngine('race', race);
    giveEngineBack(run);
    expect(run.signal.aborted).toBe(false);
    clearEngine();
    expect(takenBy(race)).toBeNull();
    expect(takenBy(run)).toBeUndefined();
  });

  it('says that nobody took it from work that a person stopped', () => {
    const run = new AbortController();
    takeEngine('explore', run);
    run.abort();
    expect(takenBy(run)).toBeUndefined();
    expect(engineServed('explore')).toBe(true);
  });
});
