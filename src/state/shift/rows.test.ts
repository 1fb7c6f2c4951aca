import { expect, it } from 'vitest';
import { traceOf } from '../../core/fixture.ts';
import { shiftRow } from './rows.ts';

const trace = traceOf(
  [
    {
      label: 0,
      exits: [
        [0, 0.9],
        [0, 1],
      ],
    },
    {
      label: 0,
      exits: [
        [1, 0.8],
        [0, 1],
      ],
    },
    {
      label: 1,
      exits: [
        [1, 0.2],
        [1, 1],
      ],
    },
    {
      label: 1,
      exits: [
        [0, 0.1],
        [0, 1],
      ],
    },
  ],
  [1, 4],
);

it('says what is right, what exits are to blame for, what it costs and who leaves where', () => {
  const policy = { rule: 'above', thresholds: [0.5] } as const;
  expect(shiftRow(2, trace, policy, { curve: 'frontier', costs: null })).toEqual({
    ...{ severity: 2, accuracy: 0.5, plain: 0.75, harm: 0.25 },
    ...{ cost: 2.5 / 4, leaving: [0.5, 0.5] },
  });
  const costs = { unit: 'ms', source: '', exits: [2, 4], network: 4 };
  expect(shiftRow(0, trace, policy, { curve: 'frontier', costs }).cost).toBe(0.75);
});
