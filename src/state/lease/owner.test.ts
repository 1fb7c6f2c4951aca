import { beforeEach, describe, expect, it } from 'vitest';
import { isAbort } from '../../data/errors.ts';
import { Holder, takenBy } from './owner.ts';

describe('the engine', () => {
  let engine = new Holder();
  beforeEach(() => void (engine = new Holder()));

  it('goes to who asked last, and the one before is told who has it now', () => {
    const race = new AbortController();
    const run = new AbortController();
    engine.take('race', race);
    engine.take('explore', run);
    expect(takenBy(race)).toBe('explore');
    expect(isAbort(race.signal.reason)).toBe(true);
    expect(run.signal.aborted).toBe(false);
    expect(engine.served('explore')).toBe(true);
    expect(engine.served('race')).toBe(false);
  });

  it('is kept by work that takes it for one step after another', () => {
    const race = new AbortController();
    engine.take('race', race);
    engine.take('race', race);
    expect(race.signal.aborted).toBe(false);
  });

  it('is not given to work that has been ended', () => {
    const run = new AbortController();
    const race = new AbortController();
    engine.take('race', race);
    run.abort();
    expect(() => engine.take('explore', run)).toThrow();
    expect(race.signal.aborted).toBe(false);
  });

  it('leaves work alone that gave it back, and work that came after', () => {
    const run = new AbortController();
    const race = new AbortController();
    engine.take('explore', run);
    engine.giveBack(run);
    engine.take('race', race);
    engine.giveBack(run);
    expect(run.signal.aborted).toBe(false);
    engine.clear();
    expect(takenBy(race)).toBeNull();
    expect(takenBy(run)).toBeUndefined();
  });

  it('says that nobody took it from work that a person stopped', () => {
    const run = new AbortController();
    engine.take('explore', run);
    run.abort();
    expect(takenBy(run)).toBeUndefined();
    expect(engine.served('explore')).toBe(true);
  });
});
