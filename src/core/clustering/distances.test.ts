import { expect, it } from 'vitest';
import { distancesTo, meanDistances } from './distances.ts';

it('measures Euclidean distance from each image to each centre', () => {
  const z = Float32Array.of(0, 0, 3, 4);
  const centres = Float32Array.of(0, 0, 3, 0, 6, 8);
  expect([...distancesTo(z, centres, 2)]).toEqual([0, 3, 10, 5, 4, 5]);
});

it('averages over all images, not only those of the cluster', () => {
  expect([...meanDistances(Float32Array.of(0, 3, 10, 5, 4, 5), 3)]).toEqual([2.5, 3.5, 7.5]);
});

it('gives means of 0 for no images', () => {
  expect([...meanDistances(new Float32Array(0), 2)]).toEqual([0, 0]);
});

it('names the array that does not fill its rows', () => {
  expect(() => distancesTo(new Float32Array(3), new Float32Array(2), 2)).toThrow('The embedding');
  expect(() => meanDistances(new Float32Array(3), 2)).toThrow('The table of distances');
});
