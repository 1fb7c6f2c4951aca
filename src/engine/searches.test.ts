import { describe, expect, it } from 'vitest';
import { randomTrace } from '../core/fixture.ts';
import { upperHull } from '../core/search/frontier.ts';
import type { Trace } from '../core/trace.ts';
import { gathered, searchSteps, type SearchRequest } from './searches.ts';

/** Cost of the dearest policy of the paper's search that no other is better than. */
function dearest(trace: Trace, how: Pick<SearchRequest, 'rule' | 'logarithmic'>): number {
  const steps = searchSteps({ search: 'paper', trace, seed: 1, ...how });
  const hull = upperHull([...steps].flatMap(({ found }) => found));
  return Math.max(...hull.map(({ cost }) => cost));
}

describe('the range that the paper’s thresholds are drawn from', () => {
  const trace = randomTrace(400, 5, 10, 3);
  const plain = dearest(trace, { rule: 'at-least' });

  it('is [0, 1] whatever part of it is used', () => {
    const half = { ...trace, confidence: trace.confidence.map((c) => c / 2) };
    expect(dearest(half, { rule: 'at-least' })).not.toBe(plain);
  });

  it('is [0, 1] however sure the last exit is, whom nobody asks', () => {
    const sure = { ...trace, confidence: trace.confidence.slice() };
    sure.confidence.fill(2.3, 4 * trace.count);
    expect(dearest(sure, { rule: 'at-least' })).toBe(plain);
  });

  it('goes up to the greatest confidence, where that is beyond 1', () => {
    const nats = { ...trace, confidence: trace.confidence.map((c) => 2.3 * c) };
    expect(dearest(nats, { rule: 'at-least' })).toBeCloseTo(plain, 1);
    // An exit that was closed in another trace is none that wants more.
    nats.confidence[0] = Infinity;
    expect(dearest(nats, { rule: 'at-least' })).toBeCloseTo(plain, 1);
  });

  it('is that of the logarithm where a method says so', () => {
    const wide = { ...trace, confidence: trace.confidence.map((c) => 0.1 * 3000 ** c) };
    expect(dearest(wide, { rule: 'at-least', logarithmic: [0.1, 300] })).toBeCloseTo(plain, 1);
  });
});

describe('the steps of a search that are told as one', () => {
  const steps = [0.1, 0.2, 0.3, 0.9, 1].map((done) => ({
    found: [{ thresholds: [done], cost: done, accuracy: done }],
    done,
  }));

  it('are those of an interval, and nothing that was found is left out', () => {
    let time = 0;
    const told = [...gathered(steps, () => (time += 40))];
    expect(told.length).toBeLessThan(steps.length);
    expect(told.flatMap(({ found }) => found)).toEqual(steps.flatMap(({ found }) => found));
    expect(told.at(-1)?.done).toBe(1);
  });

  it('come at once where they are slow', () => {
    let time = 0;
    expect([...gathered(steps, () => (time += 1000))]).toEqual(steps);
  });
});
