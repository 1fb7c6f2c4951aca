import { expect, it } from 'vitest';
import { binomialTail, exactInterval } from './binomial.ts';
import { classEffects, worstLoss } from './class-effects.ts';
import { traceOf } from './fixture.ts';
import { replay } from './replay.ts';
import { countTurns, firstRight, labelStable, tookTurn } from './room.ts';

// Three exits that cost 1, 2 and 4; everybody leaves at the second one but for the last image.
const trace = traceOf(
  [
    { label: 0, labels: [0, 0, 0] }, // right all along: wasted
    { label: 0, labels: [0, 1, 0] }, // overthought, and lost
    { label: 1, labels: [0, 1, 2] }, // won
    { label: 1, labels: [2, 2, 2] }, // never right
    { label: 2, labels: [0, 0, 2] }, // lost
    { label: 2, labels: [1, 0, 2], stays: true }, // goes to the end
  ].map(({ label, labels, stays }) => ({
    label,
    exits: labels.map((predicted, j) => [predicted, j === 1 && !stays ? 1 : 0] as const),
  })),
  [1, 2, 4],
);
const outcome = replay(trace, { rule: 'above', thresholds: [0.5, 0.5] });

it('an oracle leaves at the first exit that is right, at the last where none is', () => {
  expect(firstRight(trace)).toEqual({ accuracy: 5 / 6, cost: (1 + 1 + 2 + 4 + 4 + 4) / 6 / 4 });
});

it('an image whose label does not change any more may leave', () => {
  expect(labelStable(trace)).toEqual({ accuracy: 4 / 6, cost: (1 + 4 + 4 + 1 + 4 + 4) / 6 / 4 });
});

it('images are counted by what going on, or not, has done to them', () => {
  expect([...outcome.exitOf]).toEqual([1, 1, 1, 1, 1, 2]);
  expect(countTurns(trace, outcome)).toEqual({ lost: 2, won: 1, overthought: 1, wasted: 1 });
  expect([0, 1, 2, 3, 4, 5].filter((i) => tookTurn(trace, outcome, 'lost', i))).toEqual([1, 4]);
});

it('what a policy does to classes begins with the one that loses most', () => {
  const effects = classEffects(trace, outcome);
  expect(effects.map(({ label }) => label)).toEqual([0, 2, 1]);
  expect(effects[0]).toMatchObject({ images: 2, accuracy: 0.5, plain: 1, lost: 0.5, won: 0 });
  expect(effects[1]).toMatchObject({ accuracy: 0.5, plain: 1, leaving: [0, 0.5, 0.5] });
  expect(effects[1]!.cost).toBe(3 / 4);
  expect(effects[2]).toMatchObject({ accuracy: 0.5, plain: 0, won: 0.5 });
  expect(worstLoss(trace, outcome)).toBe(0.5);
});

it('an exact interval holds a share as often as it says', () => {
  // Clopper and Pearson 1934, as SciPy's binomtest(3, 20).proportion_ci() has it.
  const [low, high] = exactInterval(3, 20);
  expect(low).toBeCloseTo(0.0320709, 6);
  expect(high).toBeCloseTo(0.3789268, 6);
  expect(exactInterval(0, 10)[0]).toBe(0);
  expect(exactInterval(10, 10)[1]).toBe(1);
  for (const p of [0.02, 0.3, 0.5, 0.9]) {
    let covered = 0;
    for (let k = 0; k <= 40; k++) {
      const [from, to] = exactInterval(k, 40);
      const chance = binomialTail(40, k, p) - (k === 0 ? 0 : binomialTail(40, k - 1, p));
      if (from <= p && p <= to) covered += chance;
    }
    expect(covered).toBeGreaterThanOrEqual(0.95);
  }
});
