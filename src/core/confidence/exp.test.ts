import { describe, expect, it } from 'vitest';
import { expOf } from './exp.ts';

describe('expOf', () => {
  it('is e^x wherever that is a normal number', () => {
    let worst = 0;
    for (let x = 0; x > -708; x -= 0.0137)
      worst = Math.max(worst, Math.abs(expOf(x) / Math.exp(x) - 1));
    expect(worst).toBeLessThan(1e-12);
  });

  it('is 1 at 0, 0 far below it, and NaN of NaN', () => {
    expect([0, -0, -1e4, -Infinity].map(expOf)).toEqual([1, 1, 0, 0]);
    expect(expOf(-740)).toBeCloseTo(0, 300);
    expect(expOf(NaN)).toBeNaN();
  });
});
