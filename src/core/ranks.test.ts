import { expect, it } from 'vitest';
import { confidenceAt, rankOf } from './ranks.ts';

it('ranks and confidences are each other’s inverse', () => {
  const sorted = Float32Array.of(0.1, 0.2, 0.2, 0.5, 0.9);
  expect([0, 0.1, 0.15, 0.2, 0.6, 1].map((c) => rankOf(sorted, Math.fround(c)))).toEqual([
    0, 0.2, 0.2, 0.6, 0.8, 1,
  ]);
  for (let q = 0.015; q < 1; q += 0.01)
    for (const c of sorted) expect(rankOf(sorted, c) >= q).toBe(c >= confidenceAt(sorted, q));
  for (const n of [3, 7, 50_000]) {
    const many = Float32Array.from({ length: n }, (_, i) => i / n);
    for (const k of [1, 2, Math.floor(n / 3), n - 1, n])
      if (k > 0) expect(confidenceAt(many, Math.fround(k / n))).toBe(many[k - 1]);
  }
  expect(confidenceAt(sorted, 0)).toBe(-Infinity);
  expect(confidenceAt(sorted, 1.2)).toBe(Infinity);
});
