import { expect, it } from 'vitest';
import { readThreshold } from './TypedThreshold.tsx';

it('reads a threshold as people write it, and nothing that is none', () => {
  expect(readThreshold(' 0,25 ', 'above')).toBe(0.25);
  expect(readThreshold('−1.5', 'below')).toBe(-1.5);
  expect(readThreshold('open', 'below')).toBe(Infinity);
  expect(readThreshold('Closed', 'at-least')).toBe(Infinity);
  for (const text of ['', 'half', '1 2', 'Infinity', 'NaN', '50 %'])
    expect(readThreshold(text, 'above')).toBeNull();
});
