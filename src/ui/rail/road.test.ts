import { expect, it } from 'vitest';
import { road } from './road.ts';

const size = { column: 100, height: 120, thickness: 60 };

it('draws no ramp where nobody leaves, and the band goes on at full width', () => {
  const [first, second] = road([0, 10], size);
  expect(first!.ramp).toBe('');
  expect(first!.band).toBe('M0.0 0H100.0V60.0H0.0Z');
  expect(second!.ramp).toContain('M100.0 0.0');
});

it('gives a ramp the share of the road that leaves', () => {
  const [first] = road([25, 75], size);
  // A quarter of 60 is 15: the ramp lands between 42.5 and 57.5 around the middle of the column.
  expect(first!.ramp).toContain('V120.0H42.5');
  expect(first!.ramp).toContain('C57.5 45.0');
});

it('is empty without images', () => {
  expect(road([0, 0], size)).toEqual([
    { band: '', ramp: '', fade: [0, 1] },
    { band: '', ramp: '', fade: [0, 1] },
  ]);
});
