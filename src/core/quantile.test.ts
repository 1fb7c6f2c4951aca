import { describe, expect, it } from 'vitest';
import { randomTrace, traceOf } from './fixture.ts';
import { closedThreshold, leaves, type Rule } from './policy.ts';
import {
  arrivals,
  leavingShares,
  policyForShares,
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
