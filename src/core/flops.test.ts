import { expect, it } from 'vitest';
import { classMeanBytes, convFlops, denseFlops, distanceFlops } from './flops.ts';

it('counts a multiply-accumulate as two operations', () => {
  // ResNet-18's stem at 32×32: 7·7·3·64 multiply-accumulates for each of 16×16 outputs.
  expect(convFlops([7, 7], 3, 64, [16, 16])).toBe(2 * 2_408_448);
  expect(convFlops([3, 3], 8, 8, [4, 4], 8)).toBe(2 * 9 * 8 * 16);
  expect(denseFlops(512, 10)).toBe(10_240);
});

it('counts distances as D subtractions, D squares and D − 1 additions a class', () => {
  expect(distanceFlops(10, 16_384)).toBe(10 * 49_151);
});

it('counts the bytes of class means', () => {
  expect(classMeanBytes(10, [16_384, 10], 4)).toBe(655_760);
});
