import { describe, expect, it } from 'vitest';
import { normal, randomFrom } from '../random.ts';
import {
  hardLabels,
  klDivergence,
  klGradient,
  softAssignment,
  targetDistribution,
} from './student.ts';

const count = 23;
const clusters = 4;
const dimensions = 3;
const random = randomFrom(11);
const z = Float32Array.from({ length: count * dimensions }, () => 2 * normal(random));
const centres = Float32Array.from({ length: clusters * dimensions }, () => 2 * normal(random));

/** Eq. 1 as it is written, on plain rows. */
function plainQ(points: number[], means: number[]): number[][] {
  return Array.from({ length: count }, (_, i) => {
    const row = Array.from({ length: clusters }, (_, j) => {
      let squared = 0;
      for (let d = 0; d < dimensions; d++)
        squared += (points[i * dimensions + d]! - means[j * dimensions + d]!) ** 2;
      return (1 + squared) ** -1;
    });
    const sum = row.reduce((a, b) => a + b);
    return row.map((value) => value / sum);
  });
}

/** Eq. 3. */
function plainP(q: number[][]): number[][] {
  const f = Array.from({ length: clusters }, (_, j) => q.reduce((sum, row) => sum + row[j]!, 0));
  return q.map((row) => {
    const weight = row.map((value, j) => value ** 2 / f[j]!);
    const sum = weight.reduce((a, b) => a + b);
    return weight.map((value) => value / sum);
  });
}

/** Eq. 2 over N. */
function plainKl(p: number[][], q: number[][]): number {
  let sum = 0;
  p.forEach((row, i) => row.forEach((value, j) => (sum += value * Math.log(value / q[i]![j]!))));
  return sum / p.length;
}

function expectNear(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, at) => expect(Math.abs(actual[at]! - value)).toBeLessThan(tolerance));
}

function expectRowsSumToOne(rows: Float32Array, columns: number): void {
  for (let from = 0; from < rows.length; from += columns)
    expect(rows.subarray(from, from + columns).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
}

const q = softAssignment(z, centres, dimensions);
const p = targetDistribution(q, clusters);
const referenceQ = plainQ([...z], [...centres]);
const referenceP = plainP(referenceQ);

describe('against an independent float64 computation', () => {
  it('has the same q, p and divergence', () => {
    expectNear(q, referenceQ.flat(), 1e-6);
    expectNear(p, referenceP.flat(), 1e-6);
    expect(klDivergence(p, q, clusters)).toBeCloseTo(plainKl(referenceP, referenceQ), 6);
    expect(klDivergence(p, q, clusters)).toBeGreaterThan(0.01);
  });

  it('has the gradient that central differences of the divergence give', () => {
    const step = 1e-5;
    const slope = (values: Float32Array, at: number, kl: (moved: number[]) => number): number => {
      const up = [...values];
      const down = [...values];
      up[at]! += step;
      down[at]! -= step;
      return (kl(up) - kl(down)) / (2 * step);
    };
    const gradient = klGradient(z, centres, p, q, dimensions);
    const toZ = [...z.keys()].map((at) =>
      slope(z, at, (moved) => plainKl(referenceP, plainQ(moved, [...centres]))),
    );
    const toCentres = [...centres.keys()].map((at) =>
      slope(centres, at, (moved) => plainKl(referenceP, plainQ([...z], moved))),
    );
    // Gradients of z are of the order of 1/N: measure against their own size.
    const largest = Math.max(...toZ.map(Math.abs));
    expect(largest).toBeGreaterThan(1e-4);
    expectNear(gradient.z, toZ, 1e-5 * largest);
    expectNear(gradient.centres, toCentres, 1e-5 * Math.max(...toCentres.map(Math.abs)));
  });
});

describe('soft assignment', () => {
  it('sums to 1 over clusters, near or far', () => {
    expectRowsSumToOne(q, clusters);
    const far = Float32Array.of(1e30, -1e30, 3e38, 0, 1e20, 0);
    const rows = softAssignment(far, centres, dimensions);
    expectRowsSumToOne(rows, clusters);
    expectRowsSumToOne(targetDistribution(rows, clusters), clusters);
  });

  it('writes into the array that it is given', () => {
    const out = new Float32Array(count * clusters);
    expect(softAssignment(z, centres, dimensions, out)).toBe(out);
    expect(out).toEqual(q);
    expect(() => softAssignment(z, centres, dimensions, new Float32Array(3))).toThrow('room for 3');
  });

  it('lets a diverged embedding show in the loss', () => {
    for (const broken of [NaN, Infinity]) {
      const moved = z.slice();
      moved[4] = broken;
      const now = softAssignment(moved, centres, dimensions);
      expect(klDivergence(p, now, clusters)).toBeNaN();
      expect(klDivergence(targetDistribution(now, clusters), now, clusters)).toBeNaN();
    }
  });

  it('names the array that does not fill its rows', () => {
    expect(() => softAssignment(z.subarray(1), centres, dimensions)).toThrow(
      'The embedding has 68',
    );
    expect(() => softAssignment(z, centres.subarray(1), dimensions)).toThrow(
      'The array of centres has 11',
    );
  });
});

describe('target distribution', () => {
  it('sums to 1 over clusters', () => {
    expectRowsSumToOne(p, clusters);
  });

  it('gives nothing to a cluster that nobody belongs to', () => {
    // f = (1.4, 0, 0.6): row 0 is 0.64/1.4 : 0.04/0.6, row 1 is 0.36/1.4 : 0.16/0.6.
    const target = targetDistribution(Float32Array.of(0.8, 0, 0.2, 0.6, 0, 0.4), 3);
    expectNear(
      target,
      [0.64 / 1.4 / (0.64 / 1.4 + 0.04 / 0.6), 0, 0.04 / 0.6 / (0.64 / 1.4 + 0.04 / 0.6)].concat([
        0.36 / 1.4 / (0.36 / 1.4 + 0.16 / 0.6),
        0,
        0.16 / 0.6 / (0.36 / 1.4 + 0.16 / 0.6),
      ]),
      1e-6,
    );
  });

  it('makes a row of zeros uniform', () => {
    const target = targetDistribution(Float32Array.of(0, 0, 1, 0), 2);
    expect([...target]).toEqual([0.5, 0.5, 1, 0]);
    expect([...targetDistribution(new Float32Array(2), 2)]).toEqual([0.5, 0.5]);
  });
});

describe('divergence', () => {
  it('is the mean over images, with 0·ln 0 = 0', () => {
    // Image 0: 1·ln(1/0.5) + 0 = ln 2; image 1: the same distributions, 0. Mean ½ ln 2.
    const target = Float32Array.of(1, 0, 0.25, 0.75);
    const soft = Float32Array.of(0.5, 0.5, 0.25, 0.75);
    expect(klDivergence(target, soft, 2)).toBeCloseTo(Math.LN2 / 2, 12);
    expect(klDivergence(Float32Array.of(1, 0), Float32Array.of(1, 0), 2)).toBe(0);
    expect(klDivergence(new Float32Array(0), new Float32Array(0), 2)).toBe(0);
  });

  it('is infinite where the assignment rules out what the target asks for', () => {
    expect(klDivergence(Float32Array.of(0.5, 0.5), Float32Array.of(1, 0), 2)).toBe(Infinity);
  });

  it('refuses a target of other images', () => {
    expect(() => klDivergence(p.subarray(4), q, clusters)).toThrow('The target has 88 numbers');
    expect(() => klGradient(z.subarray(3), centres, p, q, dimensions)).toThrow('22 images');
  });
});

it('gives the first of equally likely clusters as the hard label', () => {
  const rows = Float32Array.of(0.2, 0.4, 0.4, 0.5, 0.5, 0, 0, 0, 1, NaN, NaN, NaN);
  expect([...hardLabels(rows, 3)]).toEqual([1, 0, 2, 0]);
  expect(() => hardLabels(new Float32Array(514), 257)).toThrow('257 clusters');
});
