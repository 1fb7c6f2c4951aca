import { describe, expect, it } from 'vitest';
import { beginDrag, dragTo, onlyMoved } from './drag.ts';
import { randomTrace, traceOf, withSecondJudge } from './fixture.ts';
import { pairings } from './pairing.ts';
import { forEachClass, rules, withThresholds, type Policy } from './policy.ts';
import { arrivals, thresholdForCount, thresholdInOrder } from './quantile.ts';
import { randomFrom } from './random.ts';
import { replay, replayBuffers } from './replay.ts';

const EXITS = 6;
const COUNT = 200;

describe('a drag', () => {
  it('is a whole replay of every step, bit for bit: any rule, any exit, ties and ends', () => {
    const random = randomFrom(3);
    for (let round = 0; round < 24; round++) {
      const smooth = randomTrace(COUNT, EXITS, 5, round + 1);
      // Every other round confidences have few values, so that many are equal.
      const trace =
        round % 2
          ? smooth
          : { ...smooth, confidence: smooth.confidence.map((c) => Math.round(c * 16) / 16) };
      const rule = rules[round % rules.length]!;
      const any = (): number => {
        const at = Math.floor(random() * trace.confidence.length);
        return [Infinity, -Infinity, 0.3 * random(), trace.confidence[at]!][
          Math.floor(random() * 4)
        ]!;
      };
      let policy: Policy = { rule, thresholds: Array.from({ length: EXITS - 1 }, any) };
      const j = Math.floor(random() * (EXITS - 1));
      const drag = beginDrag(trace, policy, j, replayBuffers(COUNT, EXITS))!;
      for (let step = 0; step < 15; step++) {
        policy = withThresholds(policy, j, [any()]);
        expect(dragTo(drag, policy.thresholds[j]!)).toEqual(replay(trace, policy));
      }
    }
  });

  it('holds the images that arrive in order, so that a number of them gives the same threshold as a search does', () => {
    const trace = {
      ...randomTrace(COUNT, EXITS),
      confidence: randomTrace(COUNT, EXITS).confidence.map((c) => Math.round(c * 64) / 64),
    };
    for (const rule of rules) {
      const policy: Policy = { rule, thresholds: [0.3, 0.2, 0.4, 0.4, 0.4] };
      const drag = beginDrag(trace, policy, 2, replayBuffers(COUNT, EXITS))!;
      const here = arrivals(trace, replay(trace, policy), 2, rule);
      expect(drag.image).toHaveLength(here.confidence.length);
      for (const n of [-1, 0, 1, 2.5, ...Array.from({ length: 60 }, (_, k) => 7 * k), COUNT + 1])
        expect(thresholdInOrder(drag, n)).toBe(thresholdForCount(here, n));
    }
    const nobody = { rule: 'above', confidence: new Float32Array() } as const;
    expect(thresholdInOrder(nobody, 0)).toBe(thresholdForCount(nobody, 0));
  });

  it('follows one threshold an exit only, of two judges as of one', () => {
    const trace = randomTrace(COUNT, EXITS, 5);
    const one: Policy = { rule: 'above', thresholds: [0.3, 0.3, 0.3, 0.4, 0.4] };
    const buffers = replayBuffers(COUNT, EXITS);
    const classes: Policy = { ...one, thresholds: forEachClass(one.thresholds, 5) };
    expect(beginDrag(trace, classes, 1, buffers)).toBeNull();
    expect(beginDrag(trace, one, EXITS - 1, buffers)).toBeNull();
    for (const agreement of pairings) {
      const pair = withSecondJudge(trace, 2, agreement);
      const both = { ...one, thresholds: one.thresholds.flatMap((t) => [t, t]) };
      expect(beginDrag(pair, both, 1, buffers)).toBeNull();
      const drag = beginDrag(pair, one, 1, buffers)!;
      for (const threshold of [0.2, 0.35, 0.25, -Infinity])
        expect(dragTo(drag, threshold)).toEqual(replay(pair, withThresholds(one, 1, [threshold])));
    }
  });

  it('is left to replays where an exit cannot be closed', () => {
    const infinite = traceOf([{ label: 0, exits: [[0, Infinity], [0, 0.5]] }]); // prettier-ignore
    const policy: Policy = { rule: 'at-least', thresholds: [0.5] };
    expect(beginDrag(infinite, policy, 0, replayBuffers(1, 2))).toBeNull();
  });
});

it('one threshold alone has moved, or not', () => {
  const policy: Policy = { rule: 'above', thresholds: [1, 2, 3] };
  expect(onlyMoved(policy, withThresholds(policy, 1, [7]))).toBe(1);
  expect(onlyMoved(policy, { ...policy })).toBeNull();
  expect(onlyMoved(policy, { ...policy, thresholds: [0, 2, 4] })).toBeNull();
  expect(onlyMoved(policy, { ...policy, thresholds: [1, 2] })).toBeNull();
  expect(onlyMoved(policy, { rule: 'below', thresholds: [1, 2, 4] })).toBeNull();
});
