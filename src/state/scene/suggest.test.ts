import { expect, it } from 'vitest';
import { traceOf } from '../../core/fixture.ts';
import { replay } from '../../core/replay.ts';
import { easyAndHard } from './easy-and-hard.ts';
import { worthALook } from './suggest.ts';

const policy = { rule: 'above', thresholds: [0.5, 0.5] } as const;
const plain = {
  label: 0,
  exits: [
    [0, 0.9],
    [0, 0.9],
    [0, 0.9],
  ],
} as const;
const early = {
  label: 0,
  exits: [
    [0, 0.1],
    [0, 0.9],
    [0, 0.9],
  ],
} as const;
const story = {
  label: 1,
  exits: [
    [0, 0.1],
    [1, 0.9],
    [1, 0.9],
  ],
} as const;

it.each([
  ['one that became right half-way', [plain, early, story], 2],
  ['else one that leaves between first and last', [plain, early, plain], 1],
  ['else the first', [plain, plain], 0],
])('suggests %s', (_, images, expected) => {
  const trace = traceOf(images);
  expect(worthALook(trace, replay(trace, policy))).toBe(expected);
});

it('suggests nothing of nothing', () => {
  const trace = traceOf([], [1, 2, 3]);
  expect(worthALook(trace, replay(trace, policy))).toBeNull();
});

it('finds an easy and a hard image, both right, where they leave at different exits', () => {
  const leavesFirst = {
    label: 0,
    exits: [
      [0, 0.9],
      [0, 0.9],
      [0, 0.9],
    ],
  } as const;
  const wrongFirst = {
    label: 1,
    exits: [
      [0, 0.9],
      [0, 0.9],
      [0, 0.9],
    ],
  } as const;
  const trace = traceOf([wrongFirst, early, leavesFirst, story]);
  expect(easyAndHard(trace, replay(trace, policy))).toEqual({ easy: 2, hard: 1 });
  const one = traceOf([leavesFirst, leavesFirst]);
  expect(easyAndHard(one, replay(one, policy))).toBeNull();
});
