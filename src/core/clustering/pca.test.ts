import { describe, expect, it } from 'vitest';
import { normal, randomFrom } from '../random.ts';
import { principalPlane, project } from './pca.ts';

/** A cloud of standard deviations 5, 3 and 0.1 along three axes at right angles that no coordinate follows. */
function cloud(count: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  const axes = [
    [2 / 3, -2 / 3, 1 / 3],
    [1 / 3, 2 / 3, 2 / 3],
    [2 / 3, 1 / 3, -2 / 3],
  ];
  const points = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    const along = [5, 3, 0.1].map((deviation) => deviation * normal(random));
    for (let d = 0; d < 3; d++)
      points[i * 3 + d] = 7 + along.reduce((sum, a, k) => sum + a * axes[k]![d]!, 0);
  }
  return points;
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0));
}

describe('principal plane', () => {
  it('finds the two directions of most spread, the widest first, with fixed signs', () => {
    const { mean, axes } = principalPlane(cloud(4000, 1), 3);
    for (const value of mean) expect(value).toBeCloseTo(7, 0);
    const expected = [2 / 3, -2 / 3, 1 / 3, 1 / 3, 2 / 3, 2 / 3];
    // Estimated from a sample: the axes lie within a few degrees. ±⅔ tie nearly, so the first sign may be either.
    const sign = Math.sign(axes[0]!);
    for (let d = 0; d < 3; d++) {
      expect(Math.abs(sign * axes[d]! - expected[d]!)).toBeLessThan(0.05);
      expect(Math.abs(axes[3 + d]! - expected[3 + d]!)).toBeLessThan(0.05);
    }
    const first = [...axes.subarray(0, 3)];
    expect(Math.max(...first)).toBe(Math.max(...first.map(Math.abs)));
  });

  it('projects onto uncorrelated coordinates of mean 0', () => {
    const points = cloud(2000, 2);
    const flat = project(points, 3, principalPlane(points, 3));
    const sums = { x: 0, y: 0, xx: 0, xy: 0, yy: 0 };
    for (let i = 0; i < 2000; i++) {
      const x = flat[2 * i]!;
      const y = flat[2 * i + 1]!;
      sums.x += x / 2000;
      sums.y += y / 2000;
      sums.xx += (x * x) / 2000;
      sums.xy += (x * y) / 2000;
      sums.yy += (y * y) / 2000;
    }
    for (const value of [sums.x, sums.y, sums.xy]) expect(Math.abs(value)).toBeLessThan(1e-4);
    expect(Math.sqrt(sums.xx)).toBeCloseTo(5, 0);
    expect(Math.sqrt(sums.yy)).toBeCloseTo(3, 0);
  });
});

describe('turned towards the plane before', () => {
  const points = cloud(500, 3);
  const plane = principalPlane(points, 3);

  it('undoes any turn or mirroring within the plane', () => {
    for (const mirror of [1, -1])
      for (const angle of [0, 0.7, 2, Math.PI, 5]) {
        const axes = new Float64Array(6);
        for (let d = 0; d < 3; d++) {
          const x = plane.axes[d]!;
          const y = plane.axes[3 + d]!;
          axes[d] = Math.cos(angle) * x - Math.sin(angle) * y;
          axes[3 + d] = mirror * (Math.sin(angle) * x + Math.cos(angle) * y);
        }
        const before = { mean: plane.mean, axes };
        const now = principalPlane(points, 3, before);
        expect(distance(project(points, 3, now), project(points, 3, before))).toBeLessThan(1e-3);
      }
  });

  it('does not swap when the two spreads change places', () => {
    // Widths 1.1 : 1 and then 1 : 1.1, so that the principal axes swap.
    const before = Float32Array.of(1.1, 0, -1.1, 0, 0, 1, 0, -1);
    const after = Float32Array.of(1, 0, -1, 0, 0, 1.1, 0, -1.1);
    const first = principalPlane(before, 2);
    expect([...principalPlane(after, 2).axes]).toEqual([0, 1, 1, 0]);
    expect([...principalPlane(after, 2, first).axes]).toEqual([1, 0, 0, 1]);
  });

  it('keeps axes of length 1 at right angles', () => {
    const { axes } = principalPlane(cloud(500, 4), 3, {
      mean: new Float64Array(3),
      axes: Float64Array.of(0, 0, 1, 0, 1, 0),
    });
    let [xx, xy, yy] = [0, 0, 0];
    for (let d = 0; d < 3; d++) {
      xx += axes[d]! ** 2;
      xy += axes[d]! * axes[3 + d]!;
      yy += axes[3 + d]! ** 2;
    }
    expect(xx).toBeCloseTo(1, 12);
    expect(xy).toBeCloseTo(0, 12);
    expect(yy).toBeCloseTo(1, 12);
  });
});

describe('awkward points', () => {
  it('lie on a line in one dimension, the way round that they had before', () => {
    const points = Float32Array.of(1, 2, 6);
    const plane = principalPlane(points, 1);
    expect([...plane.axes]).toEqual([1, 0]);
    expect([...project(points, 1, plane)]).toEqual([-2, 0, -1, 0, 3, 0]);
    const mirrored = { mean: plane.mean, axes: Float64Array.of(-1, 0) };
    const now = project(points, 1, principalPlane(points, 1, mirrored));
    expect([now[0], now[2], now[4]]).toEqual([2, 1, -3]);
  });

  it('all project to the origin when they are the same', () => {
    const points = new Float32Array(12).fill(3);
    const plane = principalPlane(points, 3);
    expect([...plane.axes]).toEqual([1, 0, 0, 0, 1, 0]);
    expect(project(points, 3, plane)).toEqual(new Float32Array(8));
  });

  it('may be none', () => {
    const plane = principalPlane(new Float32Array(0), 2);
    expect([...plane.mean, ...plane.axes]).toEqual([0, 0, 1, 0, 0, 1]);
  });

  it('are refused when not finite, or of other dimensions than the plane', () => {
    const plane = principalPlane(new Float32Array(6), 3);
    expect(() => principalPlane(Float32Array.of(0, 1, NaN, 3), 2)).toThrow('image 1 holds NaN');
    expect(() => project(new Float32Array(4), 2, plane)).toThrow(
      '3 dimensions and the points in 2',
    );
    expect(() => principalPlane(new Float32Array(4), 2, plane)).toThrow('expected the same');
  });
});
