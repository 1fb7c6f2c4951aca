import { describe, expect, it } from 'vitest';
import { normal, randomFrom } from '../random.ts';
import { KMeans } from './kmeans.ts';
import { lloyd, type Centres } from './lloyd.ts';

/** `count` points round K random places, [count, dimensions]. */
function blobs(count: number, dimensions: number, clusters: number, spread: number, seed: number) {
  const random = randomFrom(seed);
  const places = Array.from({ length: clusters * dimensions }, () => 4 * normal(random));
  return Float32Array.from(
    { length: count * dimensions },
    (_, at) =>
      places[(Math.floor(at / dimensions) % clusters) * dimensions + (at % dimensions)]! +
      spread * normal(random),
  );
}

function squared(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number, d: number) {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += (a[i * d + k]! - b[j * d + k]!) ** 2;
  return sum;
}

/** Lloyd's iteration as a textbook writes it, in float64 throughout, a fixed number of times. */
function plainLloyd(points: Float32Array, d: number, start: Float32Array, iterations: number) {
  const clusters = start.length / d;
  const count = points.length / d;
  const centres = Array.from(start);
  for (let step = 0; step < iterations; step++) {
    const sums = centres.map(() => 0);
    const sizes = new Array<number>(clusters).fill(0);
    for (let i = 0; i < count; i++) {
      const all = sizes.map((_, c) => squared(points, i, centres, c, d));
      const c = all.indexOf(Math.min(...all));
      sizes[c]!++;
      for (let k = 0; k < d; k++) sums[c * d + k]! += points[i * d + k]!;
    }
    for (let at = 0; at < sums.length; at++) centres[at] = sums[at]! / sizes[Math.floor(at / d)]!;
  }
  return centres;
}

function expectNearest(points: Float32Array, d: number, { centres, labels, inertia }: Centres) {
  let sum = 0;
  let nearerElsewhere = 0;
  labels.forEach((label, i) => {
    const own = squared(points, i, centres, label, d);
    sum += own;
    for (let c = 0; c < centres.length / d; c++)
      if (squared(points, i, centres, c, d) < own * (1 - 1e-12)) nearerElsewhere++;
  });
  expect(nearerElsewhere).toBe(0);
  expect(Math.abs(inertia - sum)).toBeLessThanOrEqual(1e-9 * sum);
}

describe('k-means', () => {
  it('finds well separated clusters', () => {
    const points = blobs(300, 4, 5, 0.1, 1);
    const kmeans = new KMeans(points, 4, 5, 3);
    for (let restart = 0; restart < 5; restart++) kmeans.restart();
    const { labels } = kmeans.best!;
    for (let i = 5; i < 300; i++) expect(labels[i]).toBe(labels[i - 5]);
    expect(new Set(labels).size).toBe(5);
  });

  it('moves centres as a plain float64 computation does', () => {
    // Overlapping clusters, so that it takes many iterations; an odd D too.
    for (const dimensions of [1, 3, 10]) {
      const points = blobs(400, dimensions, 6, 8, 20 + dimensions);
      const start = points.slice(0, 6 * dimensions);
      const run = lloyd(points, dimensions, start);
      expect(run.iterations).toBeGreaterThan(5);
      expect(run.refilled).toBe(0);
      // The last iteration only labels.
      const plain = plainLloyd(points, dimensions, start, run.iterations - 1);
      plain.forEach((value, at) => expect(Math.abs(run.centres[at]! - value)).toBeLessThan(1e-5));
    }
  });

  it('labels every point with the nearest of the centres that it returns', () => {
    for (let seed = 0; seed < 10; seed++) {
      const points = blobs(500, 3, 4, 3, seed);
      expectNearest(points, 3, new KMeans(points, 3, 8, seed).restart());
    }
  });

  it('keeps the best restart, and the same seed finds the same', () => {
    const points = blobs(400, 2, 12, 2, 5);
    const one = new KMeans(points, 2, 12, 9);
    const other = new KMeans(points, 2, 12, 9);
    expect(one.best).toBeNull();
    const inertias = Array.from({ length: 10 }, () => one.restart().inertia);
    for (let r = 1; r < 10; r++) expect(inertias[r]!).toBeLessThanOrEqual(inertias[r - 1]!);
    expect(inertias[9]!).toBeLessThan(inertias[0]!);
    for (let r = 0; r < 10; r++) other.restart();
    expect(other.best).toEqual(one.best);
    expect(new KMeans(points, 2, 12, 10).restart().centres).not.toEqual(
      new KMeans(points, 2, 12, 9).restart().centres,
    );
  });
});

describe('k-means on awkward points', () => {
  it('gives an empty cluster the point farthest from its centre', () => {
    // The start at 1000 wins nothing; of the points, 14 is farthest from its centre.
    const points = Float32Array.of(0, 1, 10, 11, 14);
    const run = lloyd(points, 1, Float32Array.of(0.5, 10.5, 1000));
    expect(run.refilled).toBe(1);
    expect([...run.labels]).toEqual([0, 0, 1, 1, 2]);
    expect([...run.centres]).toEqual([0.5, 10.5, 14]);
    expect(run.inertia).toBe(1);
  });

  it('refills several clusters at once without emptying another', () => {
    const points = Float32Array.of(0, 1, 2, 3);
    const run = lloyd(points, 1, Float32Array.of(1.4, 100, 200, 300));
    expect(run.refilled).toBe(3);
    expect(new Set(run.labels).size).toBe(4);
    expect(run.inertia).toBe(0);
  });

  it('labels by the nearest centre after a refill too, with no cluster empty', () => {
    for (let seed = 0; seed < 100; seed++) {
      const points = blobs(60, 2, 3, 2, seed);
      // Half of the starts are out of reach.
      const start = points.slice(0, 16).map((value, at) => (at < 8 ? value : 1e4 + at));
      const run = lloyd(points, 2, start);
      expect(run.refilled).toBeGreaterThan(0);
      expect(new Set(run.labels).size).toBe(8);
      expectNearest(points, 2, run);
    }
  });

  it('gives constant points K equal centres and label 0', () => {
    const points = new Float32Array(40).fill(0.1);
    const { centres, labels, inertia, refilled } = new KMeans(points, 4, 3, 1).restart();
    expect(centres).toEqual(new Float32Array(12).fill(0.1));
    expect(labels).toEqual(new Uint8Array(10));
    expect({ inertia, refilled }).toEqual({ inertia: 0, refilled: 0 });
  });

  it('repeats centres when distinct points are fewer than clusters', () => {
    const points = Float32Array.from({ length: 30 }, (_, i) => i % 2);
    const { centres, labels, inertia } = new KMeans(points, 1, 5, 2).restart();
    expect(new Set(centres)).toEqual(new Set([0, 1]));
    expect(new Set(labels).size).toBe(2);
    expect(inertia).toBe(0);
  });

  it('takes as many points as clusters', () => {
    const { inertia } = new KMeans(Float32Array.of(0, 0, 1, 1, 2, 2), 2, 3, 1).restart();
    expect(inertia).toBe(0);
  });

  it('says what is wrong with what it was given', () => {
    const seven = new Float32Array(70);
    expect(() => new KMeans(seven, 10, 10, 1)).toThrow(
      'There are 7 images, fewer than the 10 clusters asked for; take more images or fewer clusters.',
    );
    expect(() => new KMeans(seven, 10, 1, 1)).toThrow('asked for 1 clusters; expected 2 to 256');
    expect(() => new KMeans(seven, 10, 257, 1)).toThrow('asked for 257 clusters');
    expect(() => new KMeans(seven, 10, 2.5, 1)).toThrow('asked for 2.5 clusters');
    expect(() => new KMeans(seven, 3, 2, 1)).toThrow('do not fill rows of 3');
    seven[35] = NaN;
    expect(() => new KMeans(seven, 10, 2, 1)).toThrow('The embedding of image 3 holds NaN');
  });
});
