import { describe, expect, it } from 'vitest';
import { decide, normalise } from './decide.ts';
import { meansLines } from './lines.ts';

/** One exit, three classes of which the second has no mean. */
function said(distances: readonly number[], spread: readonly number[]) {
  const counts = Uint32Array.of(1, 0, 1);
  const distance = Float32Array.from(distances, (d, k) => (counts[k] === 0 ? Infinity : d));
  const normalised = distance.map((d, k) =>
    counts[k] === 0 ? Infinity : normalise(d, spread[k]!),
  );
  const out = { prediction: new Uint8Array(1), confidence: new Float32Array(1), stride: 1 };
  const fitted = { counts, normaliser: Float64Array.from(spread), options } as const;
  decide(Float32Array.from(distances), 0, 0, 1, fitted, out);
  const lines = meansLines(distance, normalised);
  // The last line gives the number that is held against T, and the label is that of the nearest.
  expect(lines.at(-1)!.value).toBeCloseTo(out.confidence[0]!, 6);
  expect(lines.at(-1)!.of).toBe(out.prediction[0]);
  return lines;
}

const options = { label: 'normalised', lastExit: 'nearest-mean' } as const;

describe('the formula of distances', () => {
  it('divides by the mean distance', () => {
    expect(said([6, 9, 8], [3, 1, 1])[0]).toEqual({
      says: 'd̂ = ‖x − c‖ / m = 6.000 / 3.000',
      value: 2,
      of: 0,
    });
  });

  it('has an answer where nothing spreads around any mean: as far as can be, and equally far from all', () => {
    const [way, sure] = said([24.54, 9, 8], [0, 0, 0]);
    expect(way!.says).toMatch(/= 24\.54 \/ 0, as no training image lies off this mean/);
    expect(way!.value).toBe(Infinity);
    expect(sure!.says).toBe('max softmax(−d̂) = 1 / Σ = 1 / 2.000');
  });

  it('has an answer on a mean around which nothing spreads: no distance, and sure', () => {
    expect(said([0, 9, 8], [0, 0, 0]).map(({ value }) => value)).toEqual([0, 1]);
  });

  it('refuses to decide where no class has a mean', () => {
    const out = { prediction: new Uint8Array(1), confidence: new Float32Array(1), stride: 1 };
    const fitted = { counts: new Uint32Array(3), normaliser: new Float64Array(3), options };
    expect(() => decide(new Float32Array(3), 0, 0, 1, fitted, out)).toThrow(
      /^No class has a mean yet.*Run it again\.$/,
    );
  });
});
