import { describe, expect, it } from 'vitest';
import { randomTrace, withSecondJudge } from '../fixture.ts';
import { isLet, saidOf } from '../leaving.ts';
import { decided, pairings, underPairing, type Pairing } from '../pairing.ts';
import { leaves, type Rule } from '../policy.ts';
import { randomFrom } from '../random.ts';
import { exitOfImage, replay } from '../replay.ts';
import type { Trace } from '../trace.ts';
import { frontierSearch } from './best.ts';
import { coordinateAscent, type Tuned } from './coordinate.ts';
import { heightAt, upperHull } from './frontier.ts';
import { literalSearch } from './literal.ts';
import { lookup } from './lookup.ts';
import { pairSearch, tiedSearch } from './pair.ts';
import { paperSearcher } from './paper.ts';

const rule: Rule = 'at-least';
const pairOf = (count: number, seed: number, pairing: Pairing): Trace =>
  withSecondJudge(randomTrace(count, 4, 5, seed), seed + 100, pairing);

const randomThresholds = (length: number, seed: number): number[] => {
  const random = randomFrom(seed);
  return Array.from({ length }, () => random());
};

/** By the words of each rule. */
function leavesByWords(trace: Trace, pairing: Pairing, [t, u]: number[], j: number, i: number) {
  const at = j * trace.count + i;
  const { second } = trace;
  const c = trace.confidence[at]!;
  const m = second!.confidence[at]!;
  const same = second!.prediction[at] === trace.prediction[at];
  switch (pairing) {
    case 'and-confidence':
      return leaves(rule, c, t!) && leaves(rule, m, u!);
    case 'or':
      return leaves(rule, c, t!) || leaves(rule, m, u!);
    case 'by-label':
      return leaves(rule, c, same ? u! : t!);
    case 'and-label':
      return leaves(rule, same ? c : 0, t!);
  }
}

describe.each(pairings)('two judges: %s', (pairing) => {
  const trace = pairOf(300, 7, pairing);
  const per = pairing === 'and-label' ? 1 : 2;

  it('let an image go by the words of the rule, in a replay, alone, and inference', () => {
    for (let seed = 0; seed < 5; seed++) {
      const thresholds = randomThresholds(3 * per, seed);
      const policy = { rule, thresholds };
      const { exitOf } = replay(trace, policy);
      for (let i = 0; i < trace.count; i++) {
        const goes = (j: number) =>
          leavesByWords(trace, pairing, thresholds.slice(j * per, (j + 1) * per), j, i);
        const first = [0, 1, 2].find(goes) ?? 3;
        expect(exitOf[i]).toBe(first);
        expect(exitOfImage(trace, policy, i)).toBe(first);
        expect(isLet(policy, trace, 1, saidOf(trace, 1, i))).toBe(goes(1));
      }
    }
  });

  it('with one threshold an exit, the second is not asked', () => {
    if (pairing === 'and-label') return;
    const policy = { rule, thresholds: [0.7, 0.5, 0.6] };
    const { second, ...alone } = trace;
    expect(second).toBeDefined();
    expect(replay(trace, policy).exitOf).toEqual(replay(alone, policy).exitOf);
  });

  it('refuse thresholds that are for nobody', () => {
    expect(() => replay(trace, { rule, thresholds: [0.5, 0.5] })).toThrow(/2 thresholds; a trace/);
    if (per === 1)
      expect(() => replay(trace, { rule, thresholds: randomThresholds(6, 1) })).toThrow(
        /6 thresholds/,
      );
  });
});

describe.each(['and-confidence', 'or', 'by-label'] as const)('searches of two judges: %s', (p) => {
  const cell = p === 'by-label' ? 'label' : 'judge';
  const trace = pairOf(400, 3, p);

  it('the paper’s way gives exactly the thresholds of the literal algorithm', () => {
    const search = paperSearcher(lookup(trace, rule, cell));
    let reached = 0;
    for (let seed = 0; seed < 12; seed++) {
      const options = { target: 0.3 + 0.05 * seed, seed, tolerance: 0.002 };
      const exact = search(options);
      expect(exact).toEqual(literalSearch(trace, rule, options, cell));
      if (exact.reached) reached++;
    }
    expect(reached).toBeGreaterThan(3);
  });

  it('a cut is the best there is, the other threshold given', () => {
    const ascent = coordinateAscent(lookup(trace, rule, cell));
    const lambda = 0.4;
    const worth = ({ accuracy, cost }: Tuned) => accuracy - lambda * cost;
    for (let seed = 0; seed < 4; seed++) {
      const start = randomThresholds(6, seed);
      const cut = ascent.cutOne(start, 1, lambda);
      const best = worth(ascent.measure(cut));
      // After both were cut one after the other, the second cannot be better with the first as it is now.
      for (let step = -1; step <= 40; step++)
        expect(worth(ascent.measure(cut.with(3, step / 32)))).toBeLessThanOrEqual(best + 1e-12);
      expect(best).toBeGreaterThanOrEqual(worth(ascent.measure(start)) - 1e-12);
    }
  });

  it('finds what a replay confirms, nowhere below one judge alone, both tied, or the paper’s hull', () => {
    const paper = { seed: 1 };
    const steps = [...pairSearch(trace, rule, { paper })];
    expect(steps.at(-1)!.done).toBe(1);
    steps.slice(1).forEach(({ done }, n) => expect(done).toBeGreaterThanOrEqual(steps[n]!.done));
    const found = steps.flatMap((step) => step.found);
    for (const { thresholds, cost, accuracy } of found) {
      const outcome = replay(trace, { rule, thresholds });
      expect(outcome.accuracy).toBeCloseTo(accuracy, 12);
      expect(outcome.meanFlops / trace.networkFlops).toBeCloseTo(cost, 12);
    }
    const hull = upperHull(found);
    const all = (each: Iterable<{ found: readonly Tuned[] }>) => [...each].flatMap((s) => s.found);
    const others = [all(frontierSearch(lookup(trace, rule)))];
    if (cell === 'judge') others.push(all(tiedSearch(trace, rule)));
    for (const other of others)
      for (const { cost, accuracy } of upperHull(other))
        expect(heightAt(hull, cost + 1e-12)).toBeGreaterThanOrEqual(accuracy - 1e-12);
    // The second judge is worth something here.
    expect(
      hull.some(({ cost, accuracy }) => accuracy > heightAt(upperHull(others[0]!), cost)),
    ).toBe(true);
  });
});

describe('both tied', () => {
  it('stand at the same rank of the tuning images', () => {
    const trace = pairOf(200, 9, 'and-confidence');
    const found = [...tiedSearch(trace, rule)].flatMap((step) => step.found);
    for (const { thresholds } of found)
      for (let j = 0; j < 3; j++) {
        const [t, u] = [thresholds[2 * j]!, thresholds[2 * j + 1]!];
        const below = (confidence: Float32Array, threshold: number) =>
          confidence.subarray(j * 200, (j + 1) * 200).filter((c) => c < threshold).length;
        // Ties share a rank: one threshold may stand a group of equal confidences away from the other.
        const apart = below(trace.confidence, t) - below(trace.second!.confidence, u);
        expect(Math.abs(apart)).toBeLessThan(60);
      }
  });
});

describe('another rule', () => {
  it('leaves what was said, and and-label makes one judge of two', () => {
    const trace = pairOf(50, 2, 'or');
    const other = underPairing(trace, 'and-label');
    expect(other.second).toBe(trace.second);
    expect(underPairing(other, 'or').confidence).toBe(trace.confidence);
    const one = decided(other);
    expect(one.second).toBeUndefined();
    expect(decided(other)).toBe(one);
    expect(decided(trace)).toBe(trace);
  });
});
