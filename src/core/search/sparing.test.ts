import { describe, expect, it } from 'vitest';
import { worstLoss } from '../class-effects.ts';
import { randomTrace, withSecondJudge } from '../fixture.ts';
import { closedThreshold, forEachClass, sense, type Rule } from '../policy.ts';
import { replay } from '../replay.ts';
import type { Trace } from '../trace.ts';
import { frontierSearch } from './best.ts';
import { classAwareSearch } from './class-aware.ts';
import type { Tuned } from './coordinate.ts';
import { lookup } from './lookup.ts';
import { pairSearch } from './pair.ts';
import { sparingSearch } from './sparing.ts';

const rules: Rule[] = ['above', 'at-least', 'below'];

/** A trace of which one class is taken for others early on, with confidence. */
function unfair(count: number, seed: number, rule: Rule): Trace {
  const trace = randomTrace(count, 4, 5, seed);
  const { sign } = sense(rule);
  const confidence = trace.confidence.map((c, at) => sign * (c + 0.2 * trace.label[at % count]!));
  return { ...trace, confidence };
}

const all = (steps: Iterable<{ found: readonly Tuned[] }>): Tuned[] =>
  [...steps].flatMap(({ found }) => found);
const lossOf = (trace: Trace, rule: Rule, { thresholds }: Tuned): number =>
  worstLoss(trace, replay(trace, { rule, thresholds }));
const cheapest = (policies: readonly Tuned[]): number =>
  Math.min(...policies.map(({ cost }) => cost));

describe.each(rules)('sparingSearch (%s)', (rule) => {
  const trace = unfair(1200, 3, rule);
  const plain = all(frontierSearch(lookup(trace, rule)));

  it.each([0.02, 0.1])('finds only policies that spare every class (%f)', (mostLoss) => {
    const found = all(sparingSearch(trace, rule, { mostLoss, from: plain }));
    for (const one of found) {
      expect(lossOf(trace, rule, one)).toBeLessThanOrEqual(mostLoss);
      const outcome = replay(trace, { rule, thresholds: one.thresholds });
      expect(outcome.accuracy).toBe(one.accuracy);
      expect(outcome.meanFlops / trace.networkFlops).toBe(one.cost);
    }
    const sparing = plain.filter((one) => lossOf(trace, rule, one) <= mostLoss);
    expect(plain.length).toBeGreaterThan(sparing.length);
    // Where little may be lost some are cheaper than all that the search without the condition has found.
    if (mostLoss === 0.02) expect(cheapest(found)).toBeLessThan(cheapest(sparing));
  });

  it('has what a class-aware policy owes to chance', () => {
    const from = all(classAwareSearch(trace, rule));
    const found = all(sparingSearch(trace, rule, { mostLoss: 0.05, from }));
    expect(found.length).toBeGreaterThan(1);
    for (const one of found) {
      expect(one.thresholds).toHaveLength(3 * 5);
      expect(lossOf(trace, rule, one)).toBeLessThanOrEqual(0.05);
    }
    const hasDiscount = ({ accuracy, worth }: Tuned) => worth !== undefined && worth < accuracy;
    expect(found.some(hasDiscount)).toBe(true);
  });
});

it('spares classes under two judges', () => {
  const trace = withSecondJudge(randomTrace(800, 4, 5, 7), 8, 'and-confidence');
  const from = all(pairSearch(trace, 'at-least'));
  const found = all(sparingSearch(trace, 'at-least', { mostLoss: 0.05, from }));
  expect(found.length).toBeGreaterThan(1);
  for (const one of found) {
    expect(one.thresholds).toHaveLength(2 * 3);
    expect(lossOf(trace, 'at-least', one)).toBeLessThanOrEqual(0.05);
  }
});

it('begins from nothing with no early exits', () => {
  const trace = randomTrace(50, 3);
  const closed = closedThreshold('above');
  const [one, ...others] = all(sparingSearch(trace, 'above', { mostLoss: 0, from: [] }));
  expect(others).toEqual([]);
  expect(one!.thresholds).toEqual([closed, closed]);
  const byClass = forEachClass([closed, closed], trace.classes.length);
  expect(one!.accuracy).toBe(replay(trace, { rule: 'above', thresholds: byClass }).accuracy);
});
