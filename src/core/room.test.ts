import { expect, it } from 'vitest';
import { binomialTail, exactInterval } from './binomial.ts';
import { worstLoss } from './class-effects.ts';
import { classEffects } from './class-table.ts';
import { randomTrace, traceOf } from './fixture.ts';
import { finished } from './pauses.ts';
import { replay } from './replay.ts';
import { firstRight, ideals, labelStable, tookTurn } from './room.ts';
import { countTurns } from './turn-counts.ts';

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

it('both are what leaving image by image gives, with a pause after each exit', () => {
  const of = randomTrace(500, 7);
  const last = 6;
  const at = (j: number, i: number) => of.prediction[j * of.count + i]!;
  const meanOf = (exitOf: (i: number) => number) => {
    const left = Array.from({ length: of.count }, (_, i) => exitOf(i));
    const right = left.filter((j, i) => at(j, i) === of.label[i]).length;
    const flops = left.reduce((sum, j) => sum + of.exits[j]!.flops, 0);
    return { cost: flops / of.count / of.networkFlops, accuracy: right / of.count };
  };
  const first = meanOf((i) => {
    const found = of.exits.findIndex((_, j) => at(j, i) === of.label[i]);
    return found < 0 ? last : found;
  });
  const stable = meanOf((i) => {
    let j = last;
    while (j > 0 && at(j - 1, i) === at(last, i)) j--;
    return j;
  });
  expect(finished(ideals(of))).toEqual({ first, stable });
  expect([...ideals(of)]).toHaveLength(14);
  expect(finished(ideals({ ...of, count: 0 }))).toMatchObject({ first: { cost: 0, accuracy: 0 } });
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
