import { expect, it } from 'vitest';
import { arrange, meanByExit, orderBy, orderByLeaving } from './arrange.ts';
import { traceOf } from './fixture.ts';
import { replay } from './replay.ts';
import { exitOrder } from './search/order.ts';

const trace = traceOf([
  {
    label: 0,
    exits: [
      [0, 0.6],
      [0, 0.9],
    ],
  },
  {
    label: 1,
    exits: [
      [2, 0.8],
      [1, 0.9],
    ],
  },
  {
    label: 2,
    exits: [
      [0, 0.1],
      [2, 0.7],
    ],
  },
  {
    label: 2,
    exits: [
      [0, 0.2],
      [1, 0.8],
    ],
  },
]);
const outcome = replay(trace, { rule: 'above', thresholds: [0.5] });

const shown = (
  ...options: Parameters<typeof arrange> extends [unknown, unknown, ...infer Rest] ? Rest : never
) => {
  const { images, start } = arrange(trace, outcome, ...options);
  return [0, 1].map((j) => [...images.subarray(start[j]!, start[j + 1]!)]);
};

it('puts every image under the exit where it leaves', () => {
  expect(shown()).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

it('filters by class, by right and wrong, and by a matrix cell', () => {
  expect(shown({ truth: 2 })).toEqual([[], [2, 3]]);
  expect(shown({ right: false })).toEqual([[1], [3]]);
  expect(shown({ cell: { exit: 0, truth: 2, predicted: 0 } })).toEqual([[], [2, 3]]);
  expect(shown({ cell: { exit: 1, truth: 2, predicted: 1 }, right: false })).toEqual([[], [3]]);
});

it('keeps a given order within each exit', () => {
  expect(shown({}, orderBy([3, 1, 2, 0], 4))).toEqual([
    [1, 0],
    [3, 2],
  ]);
  expect(shown({}, orderByLeaving(trace, outcome, exitOrder(trace, 'above')))).toEqual([
    [1, 0],
    [3, 2],
  ]);
  expect(shown({}, orderByLeaving(trace, outcome, exitOrder(trace, 'below')))).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

it('averages a number over those that leave at each exit', () => {
  expect([...meanByExit(outcome, [0.2, 0.4, 0.5, 1])].map((mean) => mean.toFixed(2))).toEqual([
    '0.30',
    '0.75',
  ]);
});
