import { describe, expect, it } from 'vitest';
import { points } from '../shared/format.ts';
import { mebibytes, measured, megabytes } from './format.ts';

describe('numbers of the Paper page', () => {
  it('carry their spread', () => {
    expect(measured({ accuracy: 83.24, spread: null, runs: 1 })).toBe('83.2');
    expect(measured({ accuracy: 83.24, spread: 0.42, runs: 3 })).toBe('83.2 ± 0.4');
  });

  it('carry their sign', () => {
    expect([1.23, -3.36, 0.01, -0.04].map(points)).toEqual(['+1.2', '−3.4', '0.0', '0.0']);
  });

  it('name their unit', () => {
    expect(megabytes(22_774_560)).toBe('22.77 MB');
    expect(mebibytes(22_774_560)).toBe('21.72 MiB');
    expect(mebibytes(232_657_192)).toBe('221.9 MiB');
    expect(mebibytes(254_032)).toBe('0.2423 MiB');
  });
});
