import { describe, expect, it } from 'vitest';
import { inkBox, isOnLight, middleOf, pixelsOf, placeOf, type Rgba } from './picture.ts';
import { meanRow, repeatsFor, spreadOf } from './times.ts';

const picture = (width: number, height: number, grey: (x: number, y: number) => number): Rgba => {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.fill(grey(x, y), 4 * (y * width + x), 4 * (y * width + x) + 4);
  return { data, width, height };
};

describe('a picture', () => {
  it('has a box around its ink, none where there is none', () => {
    expect(inkBox(picture(9, 9, () => 0))).toBeNull();
    const drawn = picture(9, 9, (x, y) => (x >= 2 && x <= 4 && y === 6 ? 255 : 10));
    expect(inkBox(drawn)).toEqual({ left: 2, top: 6, width: 3, height: 1 });
  });

  it('is put in the middle as MNIST’s digits are, whatever its size', () => {
    const place = placeOf({ left: 5, top: 9, width: 50, height: 100 }, [28, 28, 1]);
    expect(place).toEqual({ left: 9, top: 4, width: 10, height: 20 });
    expect(middleOf({ width: 30, height: 20 })).toEqual({ left: 5, top: 0, width: 20, height: 20 });
  });

  it('on paper is told from one on a blackboard, and turned', () => {
    const paper = picture(4, 4, (x, y) => (x === 1 && y === 1 ? 0 : 250));
    expect(isOnLight(paper)).toBe(true);
    expect(isOnLight(picture(4, 4, () => 20))).toBe(false);
    const pixels = pixelsOf(paper, [4, 4, 1], true);
    expect(pixels[0]).toBe(5);
    expect(pixels[5]).toBe(255);
    expect(pixelsOf(paper, [4, 4, 3], false)).toHaveLength(48);
  });
});

describe('times', () => {
  it('are medians of rounds with their middle half, however coarse the clock', () => {
    expect(
      spreadOf([
        [1, 1],
        [2, 4],
        [0, 4],
        [9, 9],
        [3, 5],
      ]),
    ).toEqual({
      median: 3,
      low: 2,
      high: 4,
      times: 10,
    });
    expect(spreadOf([]).median).toBeNaN();
    expect([...meanRow([Float64Array.of(1, 3), Float64Array.of(3, 5)])]).toEqual([2, 4]);
  });

  it('are of rounds that last', () => {
    expect([repeatsFor(0), repeatsFor(1), repeatsFor(500)]).toEqual([50, 20, 1]);
  });
});
