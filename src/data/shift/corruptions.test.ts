import { describe, expect, it } from 'vitest';
import { corrupted, corruptions, SEVERITIES, strengthOf, type Corruption } from './corruptions.ts';

const SIDE = 32;
const SHAPE = [SIDE, SIDE, 3] as const;
const size = SIDE * SIDE * 3;
/** Waves of their own in every image and channel. */
const images = Uint8Array.from({ length: 4 * size }, (_, at) => {
  const [x, y] = [Math.floor(at / 3) % SIDE, Math.floor(at / 3 / SIDE) % SIDE];
  const own = Math.floor(at / size) + (at % 3);
  return Math.round(128 + 100 * Math.sin(0.5 * x + 0.4 * y + own));
});

const shifted = (corruption: Corruption, severity: number, seed = 1, of = images) =>
  corrupted(of, SHAPE, { corruption, severity, seed });

const distance = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length;

describe.each(corruptions)('%s', (corruption) => {
  it('grows with its severity, is the same again, and leaves the images as they were', () => {
    const before = images.slice();
    const far = SEVERITIES.map((severity) => distance(shifted(corruption, severity), images));
    // Blocks of a share of the side lie now better, now worse on the pixels.
    far.slice(1).forEach((one, n) => expect(one).toBeGreaterThanOrEqual(0.75 * far[n]!));
    expect(far[4]).toBeGreaterThan(far[0]!);
    expect(far[0]).toBeGreaterThan(0);
    expect(shifted(corruption, 3)).toEqual(shifted(corruption, 3));
    expect(images).toEqual(before);
  });

  it('does to an image alone what it does among others', () => {
    const first = images.subarray(0, size);
    expect(shifted(corruption, 4, 1, first)).toEqual(shifted(corruption, 4).subarray(0, size));
  });
});

describe('what they do', () => {
  it('draws noise and blocks from the seed, and nothing else', () => {
    for (const corruption of corruptions) {
      const isRandom = corruption === 'noise' || corruption === 'blocks';
      expect(distance(shifted(corruption, 3, 1), shifted(corruption, 3, 2)) > 0).toBe(isRandom);
    }
  });

  it('has noise of the stated deviation', () => {
    const grey = new Uint8Array(10 * size).fill(128);
    const noisy = shifted('noise', 5, 3, grey);
    const mean = noisy.reduce((sum, value) => sum + value, 0) / noisy.length;
    const variance = noisy.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noisy.length;
    expect(mean).toBeCloseTo(128, 0);
    expect(Math.sqrt(variance) / 255).toBeCloseTo(strengthOf('noise', 5), 2);
  });

  it('blurs a point into a Gaussian whose sum stays', () => {
    const point = new Uint8Array(size);
    point[(4 * SIDE + 4) * 3] = 255;
    const out = shifted('blur', 5, 1, point);
    const at = (y: number, x: number): number => out[(y * SIDE + x) * 3]!;
    expect(at(4, 4)).toBe(Math.round((255 / (2 * Math.PI)) * 1.002));
    expect(at(4, 5) / at(4, 4)).toBeCloseTo(Math.exp(-0.5), 1);
    expect(at(3, 4)).toBe(at(4, 3));
    expect(out.filter((_, n) => n % 3 !== 0).every((value) => value === 0)).toBe(true);
  });

  it('pulls contrast to the mean of a channel, and raises brightness at the same hue', () => {
    const two = new Uint8Array(size).map((_, at) =>
      at % 3 === 0 ? (at < size / 2 ? 50 : 150) : 10,
    );
    const flat = shifted('contrast', 5, 1, two);
    expect([flat[0], flat.at(-3), flat[1]]).toEqual([
      Math.round(100 - 50 * 0.15),
      Math.round(100 + 50 * 0.15),
      10,
    ]);
    const bright = shifted('brightness', 2, 1, two);
    expect(bright[0]).toBe(Math.round(50 + 25.5));
    expect(bright[1]).toBe(Math.round((10 * 75.5) / 50));
  });

  it('pixelates by areas: two halves of a small image stay what they are', () => {
    const halves = new Uint8Array(size).map((_, at) => (at < size / 2 ? 40 : 200));
    const out = shifted('pixelation', 5, 1, halves);
    expect(out[0]).toBe(40);
    expect(out.at(-1)).toBe(200);
  });

  it('covers a square of half of the side, grey', () => {
    const white = new Uint8Array(64 * size).fill(255);
    const out = shifted('blocks', 4, 2, white);
    const covered = Array.from(
      { length: 64 },
      (_, i) => out.subarray(i * size, (i + 1) * size).filter((value) => value === 128).length / 3,
    );
    expect(Math.max(...covered)).toBe(256);
    expect(Math.min(...covered)).toBeGreaterThan(0);
  });
});
