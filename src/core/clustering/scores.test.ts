import { describe, expect, it } from 'vitest';
import { adjustedRandIndex, clusteringAccuracy, normalisedMutualInformation } from './scores.ts';

const table = (...counts: number[]): Uint32Array => Uint32Array.from(counts);

/** Three clusters of two classes; the third cluster is left over. */
const threeByTwo = table(3, 0, 0, 2, 1, 0);
/** The same the other way round: two clusters of three classes. */
const twoByThree = table(3, 0, 1, 0, 2, 0);

describe('clustering accuracy', () => {
  it('takes the best map of the whole, not the best cell first', () => {
    // Greedy: 10 + 0 right. Crossed: 9 + 9 right of 28.
    expect(clusteringAccuracy(table(10, 9, 9, 0), 2, 2)).toBe(18 / 28);
  });

  it('counts the images of a left-over cluster or class as wrong', () => {
    // 3 + 2 right of 6, on both sides.
    expect(clusteringAccuracy(threeByTwo, 3, 2)).toBe(5 / 6);
    expect(clusteringAccuracy(twoByThree, 2, 3)).toBe(5 / 6);
  });
});

describe('normalised mutual information', () => {
  it('is information over the mean entropy', () => {
    // Six images. H(cluster) of 3, 2, 1: ½ ln 2 + ⅓ ln 3 + ⅙ ln 6 = 1.0114043 nats.
    // H(class) of 4, 2: ⅔ ln 1.5 + ⅓ ln 3 = 0.6365142. The cluster tells the class, so I = H(class).
    // NMI = 0.6365142 / ((1.0114043 + 0.6365142) / 2) = 0.7725069.
    expect(normalisedMutualInformation(threeByTwo, 3, 2)).toBeCloseTo(0.7725069, 6);
    expect(normalisedMutualInformation(twoByThree, 2, 3)).toBeCloseTo(0.7725069, 6);
  });

  it('counts partial information', () => {
    // Rows 2, 2; columns 3, 1; I = ½ ln(2·4/(2·3)) + ¼ ln(1·4/(2·3)) + ¼ ln(1·4/(2·1)) = 0.2157616.
    // H = ln 2 = 0.6931472 and ¾ ln(4/3) + ¼ ln 4 = 0.5623351; mean 0.6277411; NMI 0.3437110.
    expect(normalisedMutualInformation(table(2, 0, 1, 1), 2, 2)).toBeCloseTo(0.343711, 6);
  });

  it('is 0 where one side is in one piece and 1 where both are', () => {
    expect(normalisedMutualInformation(table(3, 4), 1, 2)).toBe(0);
    expect(normalisedMutualInformation(table(3, 4, 0, 0), 2, 2)).toBe(0);
    expect(normalisedMutualInformation(table(0, 0, 0, 7), 2, 2)).toBe(1);
  });
});

describe('adjusted Rand index', () => {
  it('corrects pairs for chance', () => {
    // Pairs together: 3 + 1 = 4. In clusters of 3, 2, 1: 3 + 1 = 4. In classes of 4, 2: 6 + 1 = 7. All: 15.
    // Chance 4·7/15 = 28/15; most (4 + 7)/2. (4 − 28/15) / (11/2 − 28/15) = 64/109.
    expect(adjustedRandIndex(threeByTwo, 3, 2)).toBeCloseTo(64 / 109, 12);
    expect(adjustedRandIndex(twoByThree, 2, 3)).toBeCloseTo(64 / 109, 12);
  });

  it('is 0 at chance and negative below it', () => {
    // Together 1; clusters 1 + 1 = 2; classes 3; all 6; chance 2·3/6 = 1.
    expect(adjustedRandIndex(table(2, 0, 1, 1), 2, 2)).toBe(0);
    // Together 0; clusters 2; classes 2; all 6; chance ⅔: (0 − ⅔) / (2 − ⅔) = −½.
    expect(adjustedRandIndex(table(1, 1, 1, 1), 2, 2)).toBeCloseTo(-0.5, 12);
  });

  it('is 1 for one piece on both sides and for singletons on both', () => {
    expect(adjustedRandIndex(table(0, 5), 1, 2)).toBe(1);
    expect(adjustedRandIndex(table(1, 0, 0, 1), 2, 2)).toBe(1);
    expect(adjustedRandIndex(table(1), 1, 1)).toBe(1);
  });
});

it('gives 1 for the same partition under other names', () => {
  const renamed = table(0, 40_000, 0, 0, 0, 10_000, 20_000, 0, 0);
  expect(clusteringAccuracy(renamed, 3, 3)).toBe(1);
  expect(normalisedMutualInformation(renamed, 3, 3)).toBeCloseTo(1, 12);
  expect(adjustedRandIndex(renamed, 3, 3)).toBeCloseTo(1, 12);
});

it('gives 0 for an empty table and refuses one of the wrong size', () => {
  for (const score of [clusteringAccuracy, normalisedMutualInformation, adjustedRandIndex]) {
    expect(score(table(0, 0, 0, 0), 2, 2)).toBe(0);
    expect(() => score(table(1, 2, 3), 2, 2)).toThrow('has 3 counts');
  }
});
