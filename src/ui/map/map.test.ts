import { describe, expect, it } from 'vitest';
import { imageAtPoint, imagesPerRow, mapHeight, paintMap, type MapGeometry } from './paint.ts';
import { scaled } from './thumbs.ts';

const geometry: MapGeometry = { column: 20, side: 4, pitch: 6 };
const arrangement = { images: Uint32Array.of(7, 3, 9, 1, 5), start: Uint32Array.of(0, 4, 5) };

describe('the exit map', () => {
  it('stacks images in rows under their exit, and finds them again by point', () => {
    expect(imagesPerRow(geometry)).toBe(3);
    expect(mapHeight(arrangement, geometry)).toBe(12);
    expect(imageAtPoint(arrangement, geometry, 3, 1)).toBe(7);
    expect(imageAtPoint(arrangement, geometry, 9, 1)).toBe(3);
    expect(imageAtPoint(arrangement, geometry, 3, 8)).toBe(1);
    expect(imageAtPoint(arrangement, geometry, 9, 8)).toBeNull();
    expect(imageAtPoint(arrangement, geometry, 23, 1)).toBe(5);
    expect(imageAtPoint(arrangement, geometry, 45, 1)).toBeNull();
    expect(imageAtPoint(arrangement, geometry, -1, 1)).toBeNull();
  });

  it('paints each image where it is found, clipped at the edges, wrong ones framed', () => {
    const target = { data: new Uint32Array(40 * 7), width: 40, height: 7 };
    const scroll = { left: 0, top: 3 };
    paintMap(
      target,
      scroll,
      arrangement,
      geometry,
      (image) => new Uint32Array(16).fill(image),
      { isWrong: (image) => image === 3, selected: null },
      { paper: 100, wrong: 200, selected: 300 },
    );
    for (let y = 0; y < 7; y++) {
      for (let x = 0; x < 40; x++) {
        const painted = target.data[y * 40 + x]!;
        if (painted === 100 || painted === 200) continue;
        expect(imageAtPoint(arrangement, geometry, x, y + scroll.top)).toBe(painted);
      }
    }
    expect(new Set(target.data)).toEqual(
      new Set([100, 7, 200, 3, 9, 5, 1].filter((v) => target.data.includes(v))),
    );
    expect(target.data.filter((v) => v === 1).length).toBe(16);
    expect(target.data.includes(200)).toBe(true);
  });
});

describe('thumbnails', () => {
  it('average the area that a pixel covers', () => {
    const image = Uint8Array.of(0, 100, 200, 40);
    expect(scaled(image, 0, [2, 2, 1], 1)[0]! & 255).toBe(85);
    expect([...scaled(image, 0, [2, 2, 1], 2)].map((pixel) => pixel & 255)).toEqual([
      0, 100, 200, 40,
    ]);
    expect([...scaled(image, 0, [2, 2, 1], 4)].map((pixel) => pixel & 255).slice(0, 4)).toEqual([
      0, 0, 100, 100,
    ]);
  });

  it('keep red, green and blue apart', () => {
    expect(scaled(Uint8Array.of(1, 2, 3), 0, [1, 1, 3], 1)[0]).toBe(0xff030201);
  });
});
