import { expect, it } from 'vitest';
import { contingency } from './contingency.ts';

it('counts the images of every pair of labels, rows by the first labelling', () => {
  const a = Uint8Array.of(0, 0, 1, 1, 1);
  const b = Uint8Array.of(2, 0, 1, 1, 2);
  expect([...contingency(a, b, 2, 3)]).toEqual([1, 0, 1, 0, 2, 1]);
});

it('names the image whose label is too high, on either side', () => {
  const low = Uint8Array.of(0, 1);
  const high = Uint8Array.of(0, 3);
  expect(() => contingency(high, low, 3, 2)).toThrow('Image 1 has label 3; expected one below 3.');
  expect(() => contingency(low, high, 2, 2)).toThrow('Image 1 has label 3; expected one below 2.');
});

it('refuses labellings of different images', () => {
  expect(() => contingency(new Uint8Array(3), new Uint8Array(2), 1, 1)).toThrow('3 and 2 images');
});
