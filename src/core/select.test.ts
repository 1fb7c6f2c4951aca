import { describe, expect, it } from 'vitest';
import { randomFrom } from './random.ts';
import { select } from './select.ts';

const random = randomFrom(3);
const kinds: Readonly<Record<string, (n: number) => number>> = {
  random: () => random(),
  'with many ties': () => Math.floor(4 * random()),
  equal: () => 0.5,
  ascending: (n) => n,
  descending: (n) => -n,
  'with infinities': (n) => (n % 3 === 0 ? -Infinity : n % 3 === 1 ? Infinity : random()),
};

describe.each(Object.entries(kinds))('select of numbers that are %s', (_, of) => {
  it.each([1, 2, 3, 10, 64])('is what sorting gives, at every place of %d', (length) => {
    const numbers = Float32Array.from({ length }, (_one, n) => of(n));
    const sorted = numbers.toSorted();
    for (let k = 0; k < length; k++) {
      const here = numbers.slice();
      expect(select(here, k)).toBe(sorted[k]);
      expect(here[k]).toBe(sorted[k]);
      expect(here.subarray(0, k).every((one) => one <= sorted[k]!)).toBe(true);
      expect(here.subarray(k).every((one) => one >= sorted[k]!)).toBe(true);
      expect(here.sort()).toEqual(sorted);
    }
  });
});
