import { describe, expect, it } from 'vitest';
import { disagreement, mcNemar } from './disagree.ts';
import { traceOf } from './fixture.ts';
import { replay } from './replay.ts';

describe('disagreement', () => {
  const first = traceOf([
    {
      label: 0,
      exits: [
        [0, 0.9],
        [0, 1],
      ],
    },
    {
      label: 1,
      exits: [
        [0, 0.9],
        [1, 1],
      ],
    },
    {
      label: 1,
      exits: [
        [1, 0.1],
        [1, 1],
      ],
    },
    {
      label: 0,
      exits: [
        [1, 0.9],
        [0, 1],
      ],
    },
  ]);
  const second = traceOf([
    {
      label: 0,
      exits: [
        [1, 0.9],
        [1, 1],
      ],
    },
    {
      label: 1,
      exits: [
        [1, 0.9],
        [1, 1],
      ],
    },
    {
      label: 1,
      exits: [
        [1, 0.1],
        [0, 1],
      ],
    },
    {
      label: 0,
      exits: [
        [1, 0.1],
        [1, 1],
      ],
    },
  ]);
  const policy = { rule: 'above', thresholds: [0.5] } as const;
  const one = { trace: first, outcome: replay(first, policy) };
  const two = { trace: second, outcome: replay(second, policy) };

  it('tells who is right where the other is wrong, and where each leaves', () => {
    const found = disagreement(one, two);
    // Image 0: right / wrong; 1: wrong / right; 2 (stays in both): right / wrong; 3: wrong / wrong.
    expect([...found.verdict]).toEqual([1, 2, 1, 3]);
    expect(found.count).toEqual({ both: 0, first: 2, second: 1, neither: 1 });
    expect([...found.exits]).toEqual([2, 1, 0, 1]);
    expect([...found.onlyFirst]).toEqual([1, 0, 0, 1]);
    expect([...found.onlySecond]).toEqual([1, 0, 0, 0]);
    expect(found.otherLabel).toBe(3);
  });

  it('refuses traces of other images', () => {
    const fewer = traceOf([
      {
        label: 0,
        exits: [
          [0, 1],
          [0, 1],
        ],
      },
    ]);
    const few = { trace: fewer, outcome: replay(fewer, policy) };
    expect(() => disagreement(one, few)).toThrow(/4 test images .* and of 1 test images/);
    const swapped = { ...second, label: Uint8Array.of(1, 1, 1, 0) };
    expect(() => disagreement(one, { ...two, trace: swapped })).toThrow(
      /^Image 0 is of class 0 in one trace and 1 in the other/,
    );
  });
});

describe('McNemar’s exact test', () => {
  it('is the binomial tail, on both sides', () => {
    expect(mcNemar(0, 0)).toBe(1);
    expect(mcNemar(5, 5)).toBe(1);
    // 2 · (1 + 6)/2⁶ for one of six.
    expect(mcNemar(1, 5)).toBeCloseTo(14 / 64, 12);
    expect(mcNemar(5, 1)).toBeCloseTo(14 / 64, 12);
    expect(mcNemar(0, 20)).toBeCloseTo(2 ** -19, 12);
    expect(mcNemar(900, 1100)).toBeGreaterThan(0);
    expect(mcNemar(900, 1100)).toBeLessThan(1e-4);
  });
});
