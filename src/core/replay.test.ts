import { describe, expect, it } from 'vitest';
import { confusion, rowShares } from './confusion.ts';
import { randomTrace, traceOf } from './fixture.ts';
import {
  closedPolicy,
  forEachClass,
  isClassAware,
  leaves,
  strictly,
  withThresholds,
  type Policy,
} from './policy.ts';
import { exitOfImage, replay, replayBuffers } from './replay.ts';
import { accuracyAt, checkTrace } from './trace.ts';

// Four images, three exits that cost 1, 2 and 4.
const trace = traceOf(
  [
    {
      label: 0,
      exits: [
        [0, 0.9],
        [0, 0.9],
        [0, 0.9],
      ],
    }, // sure and right from the start
    {
      label: 1,
      exits: [
        [2, 0.8],
        [1, 0.6],
        [1, 0.9],
      ],
    }, // sure and wrong at exit 0
    {
      label: 2,
      exits: [
        [0, 0.3],
        [2, 0.7],
        [2, 0.9],
      ],
    }, // right from exit 1 on
    {
      label: 2,
      exits: [
        [0, 0.2],
        [0, 0.2],
        [1, 0.9],
      ],
    }, // never right
  ],
  [1, 2, 4],
);

describe('replay', () => {
  it('lets images leave at the first exit above its threshold', () => {
    const outcome = replay(trace, { rule: 'above', thresholds: [0.5, 0.5] });
    expect([...outcome.exitOf]).toEqual([0, 0, 1, 2]);
    expect([...outcome.leaving]).toEqual([2, 1, 1]);
    expect([...outcome.right]).toEqual([1, 1, 0]);
    expect(outcome.accuracy).toBe(2 / 4);
    expect(outcome.meanFlops).toBe((1 + 1 + 2 + 4) / 4);
  });

  it('runs the whole network for everybody when all exits are closed', () => {
    const outcome = replay(trace, closedPolicy('above', 3));
    expect([...outcome.leaving]).toEqual([0, 0, 4]);
    expect(outcome.accuracy).toBe(accuracyAt(trace, 2));
    expect(outcome.meanFlops).toBe(4);
  });

  it('is strict for `above`, not for `at-least`, and turned round for `below`', () => {
    const at = Math.fround(0.8);
    expect(replay(trace, { rule: 'above', thresholds: [at, 9] }).leaving[0]).toBe(1);
    expect(replay(trace, { rule: 'at-least', thresholds: [at, 9] }).leaving[0]).toBe(2);
    expect(replay(trace, { rule: 'below', thresholds: [at, -9] }).leaving[0]).toBe(2);
    expect(leaves('below', 0.1, 0.2)).toBe(true);
    for (const threshold of [0.8, at, 0, -0.5, Infinity, -Infinity, Number.MIN_VALUE]) {
      for (const rule of ['above', 'at-least', 'below'] as const) {
        const { sign, bound } = strictly(rule, threshold);
        for (const c of [threshold, 0.9, at, 0, -0.5, -1].filter(Number.isFinite).map(Math.fround))
          expect(sign * c > bound).toBe(leaves(rule, c, threshold));
      }
    }
  });

  it('agrees with an image-by-image walk on random traces, and its buffers may be used again', () => {
    const random = randomTrace(500, 7);
    const buffers = replayBuffers(500, 7);
    for (const threshold of [0.15, 0.3, 0.5]) {
      const policy: Policy = withThresholds(
        { rule: 'above', thresholds: new Array<number>(6).fill(threshold) },
        2,
        [0.9],
      );
      const outcome = replay(random, policy, buffers);
      let right = 0;
      let flops = 0;
      for (let i = 0; i < 500; i++) {
        let j = 0;
        while (j < 6 && !(random.confidence[j * 500 + i]! > policy.thresholds[j]!)) j++;
        expect(outcome.exitOf[i]).toBe(j);
        if (random.prediction[j * 500 + i] === random.label[i]) right++;
        flops += random.exits[j]!.flops;
      }
      expect(outcome.accuracy).toBeCloseTo(right / 500, 12);
      expect(outcome.meanFlops).toBeCloseTo(flops / 500, 8);
    }
  });

  it('holds each image against the threshold of the class it is predicted to be of', () => {
    const random = randomTrace(400, 4, 5);
    for (const rule of ['above', 'at-least', 'below'] as const) {
      const thresholds = Array.from({ length: 3 * 5 }, (_, cell) => 0.1 + ((cell * 7) % 15) / 30);
      thresholds[2] = Infinity;
      thresholds[8] = -Infinity;
      const policy: Policy = { rule, thresholds };
      const { exitOf, leaving, accuracy } = replay(random, policy);
      let right = 0;
      for (let i = 0; i < 400; i++) {
        let j = 0;
        while (
          j < 3 &&
          !leaves(
            rule,
            random.confidence[j * 400 + i]!,
            thresholds[j * 5 + random.prediction[j * 400 + i]!]!,
          )
        )
          j++;
        expect(exitOf[i]).toBe(j);
        expect(exitOfImage(random, policy, i)).toBe(j);
        if (random.prediction[j * 400 + i] === random.label[i]) right++;
      }
      expect(leaving.reduce((sum, n) => sum + n)).toBe(400);
      expect(accuracy).toBe(right / 400);
      // One threshold an exit, written out for each class, is the same policy.
      const plain: Policy = { rule, thresholds: [0.2, 0.3, 0.25] };
      const written = { rule, thresholds: forEachClass(plain.thresholds, 5) };
      expect(replay(random, written)).toEqual(replay(random, plain));
      expect([isClassAware(plain, random), isClassAware(written, random)]).toEqual([false, true]);
    }
  });

  it('works with one exit and refuses a policy of another length', () => {
    const single = traceOf([{ label: 1, exits: [[1, 0.5]] }]);
    expect(replay(single, { rule: 'above', thresholds: [] }).accuracy).toBe(1);
    expect(() => replay(single, { rule: 'above', thresholds: [1] })).toThrow(/1 exits needs 0/);
  });
});

describe('confusion', () => {
  it('counts true classes in rows and predictions in columns', () => {
    expect([...confusion(trace, 0)]).toEqual([1, 0, 0, 0, 0, 1, 2, 0, 0]);
    expect([...confusion(trace, 2)]).toEqual([1, 0, 0, 0, 1, 0, 0, 1, 1]);
  });

  it('can count only those that arrive or leave', () => {
    const outcome = replay(trace, { rule: 'above', thresholds: [0.5, 0.5] });
    expect([...confusion(trace, 1, 'arriving', outcome)]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 1]);
    expect([...confusion(trace, 1, 'leaving', outcome)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('turns rows into shares and leaves empty rows empty', () => {
    expect([...rowShares(Uint32Array.of(3, 1, 0, 0), 2)]).toEqual([0.75, 0.25, 0, 0]);
  });
});

describe('checkTrace', () => {
  it('accepts a good trace', () => {
    expect(() => checkTrace(trace)).not.toThrow();
  });

  it.each([
    [
      'a NaN confidence',
      { confidence: trace.confidence.map((c, i) => (i === 5 ? NaN : c)) },
      /image 1 at exit exit1/,
    ],
    ['a label out of range', { label: Uint8Array.of(0, 1, 7, 2) }, /Image 2 has label 7/],
    [
      'a prediction out of range',
      { prediction: trace.prediction.map(() => 3) },
      /predicted as class 3/,
    ],
    ['a short array', { label: Uint8Array.of(0) }, /label has 1 entries; expected 4/],
    [
      'a cost that is no number',
      { exits: trace.exits.map((exit) => ({ ...exit, flops: NaN })) },
      /costs NaN FLOPs; expected a finite number/,
    ],
    ['no network cost', { networkFlops: 0 }, /networkFlops is 0/],
  ])('refuses %s in a sentence', (_, change, sentence) => {
    expect(() => checkTrace({ ...trace, ...change })).toThrow(sentence);
  });

  it('takes exits whose costs fall: a later exit of a cascade may be the cheaper one', () => {
    expect(() => checkTrace({ ...trace, exits: [...trace.exits].reverse() })).not.toThrow();
  });
});
