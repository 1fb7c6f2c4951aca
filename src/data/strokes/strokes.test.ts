import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawDigit, STROKES_IMAGE_BYTES } from './draw.ts';
import { drawInto, emptySplit, generateStrokes, STROKES_VERSION } from './index.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('strokes', () => {
  const small = generateStrokes({ seed: 1, train: 400, test: 100 });

  it('is a dataset of 28 × 28 grey digits with a difficulty per image', () => {
    expect(small.shape).toEqual([28, 28, 1]);
    expect(small.classes).toHaveLength(10);
    expect(small.train.images).toHaveLength(400 * 784);
    expect(small.train.difficulty).toHaveLength(400);
    expect(small.test.count).toBe(100);
    expect(small.seed).toBe(1);
  });

  it('keeps the images of version 1 for ever', () => {
    // Networks and recorded runs were made on these images: a change here needs a new STROKES_VERSION.
    expect(STROKES_VERSION).toBe(1);
    expect(sha256(small.train.images)).toBe(
      '3d07a01687968ec5435484151233990f603e023690c87ade6e00d1a3205f62a6',
    );
    expect(sha256(small.test.images)).toBe(
      '91afc94a5743b3de3058b2106d8df4f9eb6e9aacd54ac0feb8663fc03a5443c9',
    );
    expect(sha256(small.train.labels)).toBe(
      '0ebc40d3a9557719444952e91cc542ccdf13d77e283901a0c9c6394dc293e521',
    );
  });

  it('gives the same first images however many are asked for, in chunks or at once', () => {
    const chunked = emptySplit(150);
    for (const [from, to] of [
      [100, 150],
      [0, 7],
      [7, 100],
    ] as const) {
      drawInto(chunked.images, chunked.labels, chunked.difficulty, from, to, 1, 'train');
    }
    expect(chunked.images).toEqual(small.train.images.subarray(0, 150 * 784));
    expect(chunked.labels).toEqual(small.train.labels.subarray(0, 150));
    expect(chunked.difficulty).toEqual(small.train.difficulty!.subarray(0, 150));
  });

  it('draws other images for another seed and for the other split', () => {
    const other = generateStrokes({ seed: 2, train: 100, test: 0 });
    const first = small.train.images.subarray(0, 78400);
    expect(other.train.images).not.toEqual(first);
    expect(small.test.images).not.toEqual(first);
  });

  it('has every class about equally often, and mostly easy images over the whole range', () => {
    const { labels, difficulty } = generateStrokes({ seed: 3, train: 2000, test: 0 }).train;
    const counts = new Array<number>(10).fill(0);
    for (const label of labels) counts[label]!++;
    expect(Math.min(...counts)).toBeGreaterThan(150);
    expect(Math.max(...counts)).toBeLessThan(250);
    expect(Math.min(...difficulty!)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...difficulty!)).toBeLessThan(1);
    expect(Math.max(...difficulty!)).toBeGreaterThan(0.95);
    const mean = difficulty!.reduce((a, b) => a + b) / 2000;
    expect(mean).toBeGreaterThan(0.37); // the mean of u√u is 0.4
    expect(mean).toBeLessThan(0.43);
  });

  it('moves further from the clean digit the higher the difficulty', () => {
    const distance = (difficulty: number): number => {
      const clean = new Uint8Array(STROKES_IMAGE_BYTES);
      const hard = new Uint8Array(STROKES_IMAGE_BYTES);
      let sum = 0;
      for (let i = 0; i < 60; i++) {
        const a = drawDigit(clean, 0, 5, 'test', i, 0);
        const b = drawDigit(hard, 0, 5, 'test', i, difficulty);
        expect(b.label).toBe(a.label);
        for (let p = 0; p < STROKES_IMAGE_BYTES; p++) sum += Math.abs(clean[p]! - hard[p]!);
      }
      return sum / (60 * STROKES_IMAGE_BYTES);
    };
    const steps = [0, 0.2, 0.4, 0.6, 0.8, 1].map(distance);
    expect(steps[0]).toBe(0);
    for (let i = 1; i < steps.length; i++) expect(steps[i]).toBeGreaterThan(steps[i - 1]! + 2);
  });

  it('draws clean ink on black, inside the frame, when the difficulty is 0', () => {
    const image = new Uint8Array(STROKES_IMAGE_BYTES);
    let touching = 0;
    for (let i = 0; i < 200; i++) {
      drawDigit(image, 0, 7, 'train', i, 0);
      const border = [...image.subarray(0, 28), ...image.subarray(756)];
      if (Math.max(...border) > 0) touching++;
      expect(Math.max(...image)).toBe(255);
      const ink = image.reduce((a, b) => a + b) / 255;
      expect(ink).toBeGreaterThan(25);
      expect(ink).toBeLessThan(220);
    }
    expect(touching).toBeLessThan(10);
  });
});
