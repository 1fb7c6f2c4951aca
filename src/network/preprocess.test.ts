import { describe, expect, it } from 'vitest';
import { preprocess, shapeProblem } from './preprocess.ts';

const plain = { size: 4, channels: 1, mean: [0], std: [1] };
const bytes = (...values: number[]) => Uint8Array.from(values);
const rounded = (values: Float32Array) => [...values].map((value) => Math.round(value * 255));

describe('images for a network', () => {
  it('are padded or refused unless they may be resized', () => {
    expect(shapeProblem([4, 4, 3], plain)).toContain('3 channels; this network takes 1');
    expect(shapeProblem([5, 4, 1], plain)).toContain('at most 4×4');
    expect(shapeProblem([50, 4, 3], { ...plain, fit: 'resize' })).toBeNull();
    const padded = preprocess(bytes(10, 20), 1, [1, 2, 1], plain);
    expect(rounded(padded)).toEqual([0, 0, 0, 0, 0, 10, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('are enlarged and shrunk bilinearly, with pixel centres in place', () => {
    const input = { ...plain, size: 4, fit: 'resize' } as const;
    // As torch.nn.functional.interpolate(mode='bilinear', align_corners=False).
    const larger = preprocess(bytes(0, 100, 0, 100), 1, [2, 2, 1], input);
    expect(rounded(larger).slice(0, 4)).toEqual([0, 25, 75, 100]);
    const smaller = preprocess(bytes(0, 40, 80, 120), 1, [1, 4, 1], { ...input, size: 2 });
    expect(rounded(smaller)).toEqual([20, 100, 20, 100]);
  });

  it('change between grey and colour, and between orders of colours', () => {
    const grey = preprocess(bytes(255, 0, 0), 1, [1, 1, 3], { ...plain, size: 1, fit: 'resize' });
    expect(grey[0]).toBeCloseTo(0.299, 5);
    const colour = {
      size: 1,
      channels: 3,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      fit: 'resize',
    } as const;
    expect(rounded(preprocess(bytes(7), 1, [1, 1, 1], colour))).toEqual([7, 7, 7]);
    expect(rounded(preprocess(bytes(1, 2, 3), 1, [1, 1, 3], { ...colour, order: 'bgr' }))).toEqual([
      3, 2, 1,
    ]);
  });
});
