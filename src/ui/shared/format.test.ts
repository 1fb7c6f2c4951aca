import { expect, it } from 'vitest';
import { confidence } from './format.ts';

it('keeps the zeros of whole confidences, and drops those behind the point', () => {
  expect([3000, 1270, 300, 0.5, 0.12345, 1e10].map(confidence)).toEqual([
    '3000',
    '1270',
    '300',
    '0.5',
    '0.1235',
    '10000000000',
  ]);
});
