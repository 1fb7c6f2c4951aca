import { describe, expect, it } from 'vitest';
import { classesOf, clusteredImage, tally } from './clustered.ts';
import { between, fitted } from './scatter.ts';
import { hueOf, shapeOf } from './shapes.ts';
import { levelsOf } from './strip.ts';

const box = { width: 120, height: 70 };

describe('the scatter of an embedding', () => {
  it('fills its box, upwards, with the same scale both ways where it can', () => {
    const { at, stretch } = fitted(Float32Array.of(-1, 0, 1, 0, 0, 0.5, 0, -0.5), box);
    expect([...at]).toEqual([10, 35, 110, 35, 60, 10, 60, 60]);
    expect(stretch).toBe(1);
  });

  it('stretches a cloud that is nearly a line, and says how much', () => {
    const { at, stretch } = fitted(Float32Array.of(-1, 0.01, 1, -0.01), box);
    expect(stretch).toBe(4);
    expect(at[1]).toBeCloseTo(33, 4);
  });

  it('draws points that are all in one place in the middle', () => {
    const { at } = fitted(Float32Array.of(3, 3, 3, 3), box);
    expect([...at]).toEqual([60, 35, 60, 35]);
  });

  it('moves points from one place to the next', () => {
    const [from, to] = [Float32Array.of(0, 10), Float32Array.of(10, 0)];
    expect([...between(from, to, 0)]).toEqual([0, 10]);
    expect([...between(from, to, 0.5)]).toEqual([5, 5]);
    expect([...between(from, to, 1)]).toEqual([10, 0]);
  });

  it('gives the first twenty clusters looks of their own', () => {
    const looks = Array.from({ length: 20 }, (_, c) => `${hueOf(c)} ${shapeOf(c)}`);
    expect(new Set(looks).size).toBe(20);
  });
});

describe('the images that are clustered', () => {
  const split = (labels: number[]) => ({
    images: new Uint8Array(labels.length),
    labels: Uint8Array.from(labels),
    count: labels.length,
  });
  const dataset = {
    ...{ id: 'files', title: 'Files', classes: ['a', 'b'], source: 'a test' },
    ...{ shape: [1, 1, 1] as const, train: split([0, 1, 1]), test: split([1, 0]) },
  };

  it('are training images, then test images', () => {
    expect(clusteredImage(dataset, 2)).toEqual({ split: dataset.train, at: 2 });
    expect(clusteredImage(dataset, 4)).toEqual({ split: dataset.test, at: 1 });
    expect(clusteredImage(dataset, 5)).toBeNull();
    expect(classesOf(dataset, Uint32Array.of(0, 2, 3, 4))).toEqual(Uint8Array.of(0, 1, 1, 0));
    expect(classesOf(dataset, Uint32Array.of(9))).toBeNull();
    expect([...tally([2, 0, 2])]).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  it('are redrawn with an error in grey levels', () => {
    expect(levelsOf(0.04)).toBeCloseTo(10, 9);
  });
});
