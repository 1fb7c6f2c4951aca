import { expect, it } from 'vitest';
import { fingerprint, fingerprintsOf, matchImages } from './fingerprint.ts';

it('is MurmurHash3, by its published values', () => {
  const of = (text: string) => fingerprint(new TextEncoder().encode(text));
  expect(of('')).toBe(0);
  expect(of('hello')).toBe(0x248bfa47);
  expect(of('hello, world')).toBe(0x149bbb7f);
  expect(of('The quick brown fox jumps over the lazy dog')).toBe(0x2e4ff723);
});

it('tells images apart by any one pixel, wherever they lie', () => {
  const images = Uint8Array.from({ length: 4 * 12 }, (_, at) => at % 12);
  images[3 * 12 + 11] = 200;
  const prints = fingerprintsOf({ images, count: 4 }, [2, 2, 3]);
  expect(new Set(prints.subarray(0, 3)).size).toBe(1);
  expect(prints[3]).not.toBe(prints[0]);
});

it('matches images in another order, each once, and counts those that are not there', () => {
  const expected = Uint32Array.of(7, 5, 7, 9, 7, 4_000_000_000);
  const found = Uint32Array.of(4_000_000_000, 7, 1, 5, 7);
  const { order, missing } = matchImages(expected, found);
  expect([...order]).toEqual([1, 3, 4, -1, -1, 0]);
  expect(missing).toBe(2);
});
