import { expect, it } from 'vitest';
import { withCosts } from '../../core/costs.ts';
import { randomTrace } from '../../core/fixture.ts';
import { costWords } from './costWords.ts';

it('costs that are not FLOPs say where they come from, or that nobody said', () => {
  const trace = randomTrace(10, 2);
  const costs = { unit: 'ms', source: 'Pixel 7, one image', exits: [1, 2], network: 2 };
  expect(costWords(trace)).toMatchObject({ of: 'of the FLOPs', source: null });
  expect(costWords(withCosts(trace, costs))).toMatchObject({
    of: 'of the ms',
    source: 'costs in ms: Pixel 7, one image',
  });
  expect(costWords(withCosts(trace, { ...costs, source: '' })).source).toBe(
    'costs in ms: source not stated',
  );
});
