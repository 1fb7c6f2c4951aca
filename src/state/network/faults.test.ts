import { describe, expect, it } from 'vitest';
import { exchanged, labelFaults, otherFeedings, shareRight } from './faults.ts';

const labels = Array.from({ length: 60 }, (_, i) => i % 4);

describe('usual mistakes', () => {
  it('in labels are told apart: shifted, reordered, or none of them', () => {
    const worth = (predicted: number[]) =>
      labelFaults(predicted, labels, 4).map(({ accuracy }) => Math.round(100 * accuracy));
    expect(worth(labels.map((label) => (label + 3) % 4))).toEqual([100, 0, 100]);
    expect(worth(labels.map((label) => (label + 1) % 4))).toEqual([0, 100, 100]);
    const order = [2, 0, 3, 1];
    expect(worth(labels.map((label) => order[label]!)).at(-1)).toBe(100);
    expect(worth(labels.map(() => 1)).at(-1)).toBe(25);
    expect(shareRight([0, 1], [0, 0])).toBe(0.5);
  });

  it('in how a network is fed are each one thing changed', () => {
    const input = { size: 4, channels: 3, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
    const words = otherFeedings(input).map((one) => one.words);
    expect(words).not.toContain('with mean and std of “ImageNet (torchvision)”');
    expect(words).toContain('with mean and std of “0 … 255”');
    expect(words).toContain('with the colours as BGR');
    const grey = otherFeedings({ size: 4, channels: 1, mean: [0], std: [1] });
    expect(grey.some(({ input: of }) => of.order === 'bgr')).toBe(false);
    expect(grey.every(({ input: of }) => of.mean.length === 1)).toBe(true);
  });

  it('exchanges rows and columns of every image', () => {
    const images = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...exchanged(images, [2, 2, 1])]).toEqual([1, 3, 2, 4, 5, 7, 6, 8]);
    expect([...exchanged(images, [2, 2, 2])]).toEqual([1, 2, 5, 6, 3, 4, 7, 8]);
  });
});
