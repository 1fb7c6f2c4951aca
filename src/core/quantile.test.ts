import { describe, expect, it } from 'vitest';
import { randomTrace, traceOf, withSecondJudge } from './fixture.ts';
import { closedThreshold, leaves, type Rule } from './policy.ts';
import {
  arrivals,
  leavingShares,
  policyForShares,
  policyMoved,
  thresholdForCount,
  thresholdForShare,
  type Arrivals,
} from './quantile.ts';
import { replay } from './replay.ts';

const leavingCount = ({ rule, confidence }: Arrivals, threshold: number): number =>
  [...confidence].filter((one) => leaves(rule, one, threshold)).length;

const rules: Rule[] = ['above', 'at-least', 'below'];

describe.each(rules)('thresholds in quantiles (%s)', (rule) => {
  const trace = randomTrace(400, 5);
  const outcome = replay(trace, policyForShares(trace, rule, [0.1, 0, 0.5, 0.25]));

  it('lets the wanted share of the arriving images leave', () => {
    expect([...outcome.leaving]).toEqual([40, 0, 180, 45, 135]);
    leavingShares(outcome).forEach((share, j) =>
      expect(share).toBeCloseTo([0.1, 0, 0.5, 0.25][j]!, 12),
    );
  });

  it('lets the wanted number leave', () => {
    const arriving = arrivals(trace, outcome, 2, rule);
    expect(arriving.confidence.length).toBe(360);
    for (const n of [0, 1, 17, 359, 360])
      expect(leavingCount(arriving, thresholdForCount(arriving, n))).toBe(n);
    expect(leavingCount(arriving, thresholdForShare(arriving, 0.5))).toBe(180);
  });
});

describe('ties', () => {
  it.each(rules)('leave together or stay together (%s)', (rule) => {
    const tied = traceOf(
      [0.4, 0.2, 0.2, 0.2, 0.1].map((c) => ({
        label: 0,
        exits: [
          [0, c],
          [0, 1],
        ],
      })),
    );
    const arriving = arrivals(
      tied,
      replay(tied, { rule, thresholds: [rule === 'below' ? -1 : 2] }),
      0,
      rule,
    );
    const counts = [0, 1, 2, 3, 4, 5].map((n) =>
      leavingCount(arriving, thresholdForCount(arriving, n)),
    );
    expect(counts).toEqual(rule === 'below' ? [0, 1, 1, 1, 4, 5] : [0, 1, 1, 1, 4, 5]);
  });

  it('do not break when all confidences are equal or nobody arrives', () => {
    for (const rule of rules) {
      const arriving = { rule, confidence: new Float32Array(8).fill(0.1) };
      expect(leavingCount(arriving, thresholdForCount(arriving, 3))).toBe(0);
      expect(leavingCount(arriving, thresholdForCount(arriving, 8))).toBe(8);
      const nobody = { rule, confidence: new Float32Array(0) };
      expect(thresholdForCount(nobody, 0)).toBe(closedThreshold(rule));
    }
  });
});

describe.each(['and-confidence', 'or', 'by-label'])(
  'the thresholds of two judges (%s)',
  (pairing) => {
    const trace = withSecondJudge(randomTrace(400, 3, 3, 4), 5, pairing);
    const rule = 'at-least';

    it.each([
      [[0.4, 0.3, 0.5, 0.6]],
      [[Infinity, Infinity, 0.5, 0.2]],
      [[-Infinity, 0.4, 0.5, 0.2]],
      [[0.4, -Infinity, 0.5, 0.2]],
      [[Infinity, 0.5, 0.5, 0.2]],
    ])('move together to where so many images leave, from %j', (thresholds) => {
      const policy = { rule, thresholds } as const;
      const before = replay(trace, policy);
      for (const exit of [0, 1])
        for (const wanted of [0, 10, 60]) {
          const arriving = 400 - (exit === 0 ? 0 : before.leaving[0]!);
          const n = Math.min(wanted, arriving);
          const moved = policyMoved(trace, replay(trace, policy), policy, exit, (those) =>
            thresholdForCount(those, n),
          );
          const there = replay(trace, moved).leaving[exit]!;
          expect(there).toBeLessThanOrEqual(n);
          // Ties stay together: of confidences in sixteenths a group is large.
          if (arriving > 100) expect(there).toBeGreaterThanOrEqual(n - 45);
          expect(moved.thresholds.slice(2 - 2 * exit, 4 - 2 * exit)).toEqual(
            thresholds.slice(2 - 2 * exit, 4 - 2 * exit),
          );
        }
    });

    it('shut and open an exit', () => {
      const policy = { rule, thresholds: [0.4, 0.3, 0.5, 0.6] } as const;
      const outcome = () => replay(trace, policy);
      const shut = policyMoved(trace, outcome(), policy, 0, () => Infinity);
      expect(replay(trace, shut).leaving[0]).toBe(0);
      const open = policyMoved(trace, outcome(), policy, 0, () => -Infinity);
      expect(replay(trace, open).leaving[0]).toBe(400);
    });
  },
);
