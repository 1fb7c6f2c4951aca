import { describe, expect, it } from 'vitest';
import { claimOf, figure3Csv } from './claim.ts';
import type { Figure3 } from './figure3.ts';

const run = (seed: number, early: number): Figure3['runs'][number] => ({
  id: `run-${seed}`,
  seed,
  points: [
    { cost: 0.3, accuracy: early - 0.1 },
    { cost: 0.5, accuracy: early + 0.1 },
  ],
  exits: [0.5, 0.7, 0.9],
});

describe('the claim of Figure 3', () => {
  it('is measured at exactly its budget, against leaving all at DEC-large, over all runs', () => {
    const { lost, runs, paper } = claimOf({ runs: [run(1, 0.8), run(2, 0.86)] }, 'mnist');
    expect(lost!.mean).toBeCloseTo(7, 9);
    expect(lost!.least).toBeCloseTo(4, 9);
    expect(lost!.most).toBeCloseTo(10, 9);
    expect(runs).toBe(2);
    expect(paper!.lost).toBe(6);
  });

  it('leaves out runs without so cheap a policy, and has no number without any', () => {
    const dear = { ...run(3, 0.8), points: [{ cost: 0.6, accuracy: 0.8 }] };
    expect(claimOf({ runs: [run(1, 0.8), dear] }, 'mnist').runs).toBe(1);
    expect(claimOf({ runs: [dear] }, 'strokes')).toEqual({
      cost: 0.4,
      paper: null,
      lost: null,
      runs: 0,
    });
  });

  it('is a table with a line a policy', () => {
    const marks = [
      { name: 'DEC-small', cost: 0.2 },
      { name: 'DEC-middle', cost: 0.4 },
      { name: 'DEC-large', cost: 1 },
    ];
    const csv = figure3Csv({ runs: [run(1, 0.8)], mean: [{ cost: 0.3, accuracy: 0.7 }], marks });
    expect(csv.trim().split('\n')).toHaveLength(1 + 2 + 1 + 3);
    expect(csv).toContain('DEC-middle,1,0.4,0.7\n');
  });
});
