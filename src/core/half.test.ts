import { describe, expect, it } from 'vitest';
import { halves, toHalf } from './half.ts';

describe('a half', () => {
  it('comes back as the bits that it was, all 65,536 of them', () => {
    const numbers = halves();
    for (let bits = 0; bits < 65_536; bits++) {
      const value = numbers[bits]!;
      if (Number.isNaN(value)) expect(toHalf(value) & 0x7fff).toBe(0x7e00);
      else if (toHalf(value) !== bits) expect(toHalf(value)).toBe(bits);
    }
  });

  it.each([
    ['1 + 2⁻¹¹ lies between two: the even one', 1 + 2 ** -11, 0x3c00],
    ['1 + 3·2⁻¹¹ lies between two: the even one', 1 + 3 * 2 ** -11, 0x3c02],
    ['a little above the middle', 1 + 2 ** -11 + 2 ** -20, 0x3c01],
    ['half the least subnormal', 2 ** -25, 0],
    ['more than that', 1.5 * 2 ** -25, 1],
    ['the greatest', 65_504, 0x7bff],
    ['just below the middle to the next', 65_519, 0x7bff],
    ['the middle to the next', 65_520, 0x7c00],
    ['a third', 1 / 3, 0x3555],
    ['minus two', -2, 0xc000],
  ])('rounds %s', (_what, value, bits) => expect(toHalf(value)).toBe(bits));
});
