import { describe, expect, it } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import { finished } from '../../core/pauses.ts';
import { replay } from '../../core/replay.ts';
import { replayer } from './replayer.ts';

const trace = randomTrace(200, 5, 4, 3);
const policy = { rule: 'above', thresholds: [0.3, 0.4, 0.5, 0.6] } as const;

describe('a policy that is replayed ahead', () => {
  it('has a pause after each exit, and is known when it is asked for, as another object too', () => {
    const { outcomeAhead, outcomeOf } = replayer();
    expect([...outcomeAhead(trace, policy)]).toHaveLength(5);
    const ahead = outcomeOf(trace, policy);
    expect(ahead).toEqual(replay(trace, policy));
    expect(outcomeOf(trace, { ...policy }).exitOf).toBe(ahead.exitOf);
    // Known means that nothing is replayed again: what is in the buffers stays as it is.
    ahead.exitOf[0] = 77;
    expect(outcomeOf(trace, { ...policy }).exitOf[0]).toBe(77);
  });

  it('leaves the outcome on screen as it is until it is asked for', () => {
    const { outcomeAhead, outcomeOf } = replayer();
    const open = { rule: 'above', thresholds: [0, 0, 0, 0] } as const;
    const before = outcomeOf(trace, open);
    const exits = before.exitOf.slice();
    finished(outcomeAhead(trace, policy));
    expect(before.exitOf).toEqual(exits);
    expect(outcomeOf(trace, open)).toEqual(replay(trace, open));
  });
});
