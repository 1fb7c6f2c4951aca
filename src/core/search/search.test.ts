import { describe, expect, it } from 'vitest';
import { randomTrace, traceOf } from '../fixture.ts';
import type { Rule } from '../policy.ts';
import { replay } from '../replay.ts';
import { nearestByCost, replayFrontier, upperHull } from './frontier.ts';
import { exitOrder } from './order.ts';
import { paperSearch } from './paper.ts';
import { sweep } from './sweep.ts';

const rules: Rule[] = ['above', 'at-least', 'below'];

describe('exitOrder', () => {
  it('sorts every exit, negative numbers and ties included', () => {
    const values = [0.5, -1, 0.25, 0.5, 0, -0.5, 3];
    const trace = traceOf(
      values.map((c) => ({
        label: 0,
        exits: [
          [0, c],
          [0, -c],
        ],
      })),
    );
    const { order } = exitOrder(trace, 'above');
    expect([...order.subarray(0, 7)]).toEqual([6, 0, 3, 2, 4, 5, 1]);
    expect([...exitOrder(trace, 'below').order.subarray(0, 7)]).toEqual([1, 5, 4, 2, 0, 3, 6]);
  });
});

describe('upperHull', () => {
  it('keeps the points that no time sharing beats', () => {
    const points = [
      { cost: 0.1, accuracy: 0.3 },
      { cost: 0.2, accuracy: 0.7 },
      { cost: 0.3, accuracy: 0.75 }, // under the line from 0.2 to 0.5
      { cost: 0.5, accuracy: 0.9 },
      { cost: 0.6, accuracy: 0.85 }, // dearer and worse
      { cost: 0.2, accuracy: 0.4 }, // same cost, worse
    ];
    expect(upperHull(points).map((point) => point.cost)).toEqual([0.1, 0.2, 0.5]);
    expect(upperHull([])).toEqual([]);
  });
});

describe.each(rules)('sweep (%s)', (rule) => {
  const trace = randomTrace(300, 4);
  const points = [...sweep(trace, exitOrder(trace, rule), 8)];

  it('begins with the plain network and ends with everybody at exit 0', () => {
    expect(points[0]).toMatchObject({ cost: 1, firstExit: 3, share: 0 });
    expect(points.at(-1)).toMatchObject({ cost: 0.25, firstExit: 0, share: 1 });
    expect(points).toHaveLength(1 + 3 * 8);
  });

  it('gives points that replay confirms', () => {
    for (const { cost, accuracy, thresholds } of points) {
      const outcome = replay(trace, { rule, thresholds });
      expect(outcome.accuracy).toBeCloseTo(accuracy, 12);
      expect(outcome.meanFlops / trace.networkFlops).toBeCloseTo(cost, 12);
    }
    const again = replayFrontier(points, trace, rule);
    expect(again[nearestByCost(again, 0.25)]!.cost).toBeCloseTo(0.25, 12);
  });
});

it('sweeps a trace whose confidences are all equal', () => {
  const trace = traceOf(
    Array.from({ length: 6 }, () => ({
      label: 0,
      exits: [
        [0, 0.1],
        [0, 0.1],
      ],
    })),
  );
  for (const rule of rules) {
    for (const { cost, thresholds } of sweep(trace, exitOrder(trace, rule), 6)) {
      expect(replay(trace, { rule, thresholds }).meanFlops / 2).toBeCloseTo(cost, 12);
    }
  }
});

describe('paperSearch', () => {
  const trace = randomTrace(2000, 6);

  it.each([0.3, 0.55, 0.8])('meets %s of the FLOPs, and replay confirms it', (target) => {
    const found = paperSearch(trace, 'above', { target, seed: 7 });
    if (!found.reached) throw new Error(found.reason);
    expect(Math.abs(found.cost - target)).toBeLessThanOrEqual(0.0005);
    const outcome = replay(trace, { rule: 'above', thresholds: found.thresholds });
    expect(outcome.meanFlops / trace.networkFlops).toBe(found.cost);
  });

  it('gives the same thresholds for the same seed, and others for another', () => {
    const run = (seed: number) => paperSearch(trace, 'above', { target: 0.5, seed });
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });

  it('goes the other way for entropies', () => {
    const found = paperSearch(trace, 'below', { target: 0.5, seed: 1, range: [0, Math.log(10)] });
    expect(found.reached && Math.abs(found.cost - 0.5) <= 0.0005).toBe(true);
  });

  it('says so when a target is out of reach', () => {
    expect(paperSearch(trace, 'above', { target: 0.05, seed: 1 })).toEqual({
      reached: false,
      reason: expect.stringMatching(
        /0\.050 of the FLOPs cannot be reached: the cheapest policy costs 0\.167/,
      ),
    });
    const tied = traceOf(
      Array.from({ length: 4 }, () => ({
        label: 0,
        exits: [
          [0, 0.5],
          [0, 0.5],
        ],
      })),
    );
    expect(paperSearch(tied, 'above', { target: 0.7, seed: 1 })).toMatchObject({ reached: false });
  });
});
