import { describe, expect, it } from 'vitest';
import { alignTo, classOfClusters } from './align.ts';
import { contingency } from './contingency.ts';
import { clusteringAccuracy } from './scores.ts';

describe('aligning one clustering to another', () => {
  it('undoes a renumbering', () => {
    const reference = Uint8Array.of(0, 0, 1, 1, 2, 2);
    const labels = Uint8Array.of(2, 2, 0, 0, 1, 1);
    const map = alignTo(reference, labels, 3);
    expect([...labels].map((c) => map[c])).toEqual([...reference]);
  });

  it('is a permutation even where two clusters prefer the same one', () => {
    // Cluster 0 shares 3 images with 0; cluster 1 shares 2 with 0 and 1 with 1.
    const reference = Uint8Array.of(0, 0, 0, 0, 0, 1);
    const labels = Uint8Array.of(0, 0, 0, 1, 1, 1);
    expect([...alignTo(reference, labels, 2)]).toEqual([0, 1]);
  });

  it('lets clusters without images keep their numbers', () => {
    expect([...alignTo(Uint8Array.of(3, 1), Uint8Array.of(1, 3), 5)]).toEqual([0, 3, 2, 1, 4]);
    expect([...alignTo(new Uint8Array(0), new Uint8Array(0), 3)]).toEqual([0, 1, 2]);
  });

  it('keeps a number only where that shares as many images', () => {
    // The crossed map shares one image, the identity none.
    expect([...alignTo(Uint8Array.of(1), Uint8Array.of(0), 2)]).toEqual([1, 0]);
  });

  it('refuses more clusters than bytes can tell apart', () => {
    expect(() => alignTo(new Uint8Array(1), new Uint8Array(1), 257)).toThrow('257 clusters');
  });
});

describe('one class for each cluster', () => {
  it('is right as often as the clustering accuracy says', () => {
    const labels = Uint8Array.of(0, 0, 0, 1, 1, 2, 2, 2);
    const truth = Uint8Array.of(1, 1, 0, 1, 0, 2, 2, 0);
    const classOf = classOfClusters(labels, truth, 3, 3);
    const right = labels.filter((c, i) => classOf[c] === truth[i]).length;
    expect(right / labels.length).toBe(clusteringAccuracy(contingency(labels, truth, 3, 3), 3, 3));
    expect([...classOf]).toEqual([1, 0, 2]);
  });

  it('numbers clusters without a class from the number of classes on', () => {
    const labels = Uint8Array.of(0, 1, 1, 1, 2, 3, 3);
    const truth = Uint8Array.of(0, 0, 0, 0, 1, 1, 1);
    expect([...classOfClusters(labels, truth, 4, 2)]).toEqual([2, 0, 3, 1]);
  });

  it('leaves classes over when they outnumber clusters', () => {
    const labels = Uint8Array.of(0, 0, 1, 1, 1);
    const truth = Uint8Array.of(3, 3, 1, 1, 2);
    expect([...classOfClusters(labels, truth, 2, 4)]).toEqual([3, 1]);
  });

  it('names a class that is not there', () => {
    expect(() => classOfClusters(Uint8Array.of(0), Uint8Array.of(9), 2, 3)).toThrow('label 9');
  });
});
