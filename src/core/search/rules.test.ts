import { describe, expect, it } from 'vitest';
import { randomTrace, traceOf } from '../fixture.ts';
import type { Policy, Rule } from '../policy.ts';
import { leavingShares } from '../quantile.ts';
import { replay } from '../replay.ts';
import { ONE_PARAMETER_RULES, patienceTrace, ruleCurve } from './rules.ts';
import { binomialTail } from '../binomial.ts';
import { randomFrom } from '../random.ts';
import { certify, certifyAny } from './risk.ts';

const rules = ['above', 'at-least', 'below'] satisfies Rule[];
const named = (id: string) => ONE_PARAMETER_RULES.find((rule) => rule.id === id)!;

describe.each(ONE_PARAMETER_RULES)('$id', (rule) => {
  it.each(rules)(
    'gives policies that replay confirms, from the plain network to a cheap one (%s)',
    (methodRule) => {
      const trace = randomTrace(300, 5);
      const points = [...ruleCurve(rule, trace, methodRule)];
      expect(points[0]).toMatchObject({ cost: 1, parameter: null });
      expect(Math.min(...points.map(({ cost }) => cost))).toBeLessThan(0.7);
      for (const { thresholds, cost, accuracy } of points) {
        const outcome = replay(rule.prepare(trace), { rule: rule.rule(methodRule), thresholds });
        expect(outcome.meanFlops / trace.networkFlops).toBeCloseTo(cost, 12);
        expect(outcome.accuracy).toBeCloseTo(accuracy, 12);
      }
    },
  );
});

it('one share lets that share of the arriving images go at every exit', () => {
  const trace = randomTrace(1000, 5);
  const policy = named('shared-quantile').policy(trace, 'above', 0.3);
  leavingShares(replay(trace, policy)).forEach((share) => expect(share).toBeCloseTo(0.3, 2));
});

it('budgeted batch gives exit j a share in proportion to p^j', () => {
  const trace = randomTrace(15_000, 4);
  const leaving = (p: number) => [
    ...replay(trace, named('budgeted-batch').policy(trace, 'above', p)).leaving,
  ];
  expect(leaving(0.5)).toEqual([8000, 4000, 2000, 1000]);
  expect(leaving(2)).toEqual([1000, 2000, 4000, 8000]);
  expect(leaving(1)).toEqual([3750, 3750, 3750, 3750]);
});

it('patience counts how often a label repeats', () => {
  const trace = traceOf([
    {
      label: 1,
      exits: [
        [1, 0],
        [1, 0],
        [1, 0],
        [2, 0],
      ],
    },
    {
      label: 2,
      exits: [
        [0, 0],
        [2, 0],
        [2, 0],
        [2, 0],
      ],
    },
  ]);
  expect([...patienceTrace(trace).confidence]).toEqual([0, 0, 1, 0, 2, 1, 0, 2]);
  const { exitOf } = replay(patienceTrace(trace), named('patience').policy(trace, 'at-least', 1));
  expect([...exitOf]).toEqual([1, 2]);
});

describe('binomialTail', () => {
  it('equals the sum of the binomial terms', () => {
    // n = 4, p = 0.5: (1 + 4 + 6) / 16 up to two.
    expect(binomialTail(4, 2, 0.5)).toBeCloseTo(11 / 16, 12);
    expect(binomialTail(10, 0, 0.1)).toBeCloseTo(0.9 ** 10, 12);
    expect(binomialTail(7, 7, 0.3)).toBe(1);
  });

  it('does not underflow for many images', () => {
    // Mean 500, standard deviation 22.3: half lies at or below the mean.
    expect(binomialTail(100_000, 500, 0.005)).toBeCloseTo(0.51, 1);
    expect(binomialTail(100_000, 300, 0.005)).toBeLessThan(1e-15);
  });
});

describe('risk control', () => {
  // Of 200 images the early exit is wrong on the last `harmful`, where the network is right.
  const trace = (harmful: number) =>
    traceOf(
      Array.from({ length: 200 }, (_, i) => ({
        label: 1,
        exits: [
          [i < 200 - harmful ? 1 : 0, 1 - i / 200],
          [1, 1],
        ] as const,
      })),
    );
  const order = [1, 0.5, 0.05, -1].map((t): Policy => ({ rule: 'above', thresholds: [t] }));

  it('goes as far as the harms allow, and stops for good at the first refusal', () => {
    expect(certify(trace(0), order, { epsilon: 0.05, delta: 0.1 })).toMatchObject({
      index: 3,
      harms: 0,
    });
    const some = certify(trace(30), order, { epsilon: 0.05, delta: 0.1 });
    expect(some).toEqual({ index: 1, harms: 0, images: 200 });
  });

  it('certifies nothing when the calibration set is too small for the promise', () => {
    expect(certify(trace(0), order, { epsilon: 0.001, delta: 0.01 }).index).toBe(-1);
  });

  it('certifies several orders together, each at its part of δ', () => {
    const options = { epsilon: 0.05, delta: 0.1 };
    const [one, other] = certifyAny(trace(30), [order, order.slice(1)], options);
    expect(one).toEqual(certify(trace(30), order, { ...options, delta: 0.05 }));
    expect(other).toEqual(certify(trace(30), order.slice(1), { ...options, delta: 0.05 }));
    expect(certifyAny(trace(30), [order], options)).toEqual([certify(trace(30), order, options)]);
  });

  it('keeps its promise for whichever of two orders it takes', () => {
    let broken = 0;
    const repetitions = 200;
    const truth = 0.2;
    for (let seed = 1; seed <= repetitions; seed++) {
      // Two exits before the last, each wrong on its own fifth of the images; a policy of either lets all go there.
      const { label, prediction, ...rest } = randomTrace(300, 3, 10, seed);
      const said = prediction.slice();
      const random = randomFrom(seed);
      for (let at = 0; at < said.length; at++) {
        const isBad = at < 600 && random() < truth;
        said[at] = (label[at % 300]! + (isBad ? 1 : 0)) % 10;
      }
      const harm = { ...rest, label, prediction: said };
      const orders = [
        [-1, Infinity],
        [Infinity, -1],
      ].map((thresholds): Policy[] => [{ rule: 'above', thresholds }]);
      const found = certifyAny(harm, orders, { epsilon: truth - 0.005, delta: 0.1 });
      if (found.some(({ index }) => index === 0)) broken++;
    }
    expect(broken / repetitions).toBeLessThanOrEqual(0.1);
    expect(broken).toBeGreaterThan(0);
  });

  it('refuses an ε or δ that is no probability', () => {
    expect(() => certify(trace(0), order, { epsilon: 0, delta: 0.1 })).toThrow(/ε is 0; expected/);
    expect(() => certify(trace(0), order, { epsilon: 0.1, delta: 1 })).toThrow(/δ is 1; expected/);
  });

  it('keeps its promise: harm above ε in at most a share δ of repetitions', () => {
    let broken = 0;
    const repetitions = 200;
    for (let seed = 1; seed <= repetitions; seed++) {
      const truth = 0.2;
      const calibration = randomTrace(300, 2, 10, seed);
      // A policy whose true harm is just above what is tolerated must hardly ever be certified.
      const harm = { ...calibration, prediction: calibration.prediction.slice() };
      for (let i = 0; i < 300; i++) {
        harm.prediction[300 + i] = harm.label[i]!;
        const bad = (Math.imul(i + seed * 7919, 2654435761) >>> 0) / 4294967296 < truth;
        harm.prediction[i] = bad ? (harm.label[i]! + 1) % 10 : harm.label[i]!;
      }
      const { index } = certify(harm, [{ rule: 'above', thresholds: [-1] }], {
        epsilon: truth - 0.005,
        delta: 0.1,
      });
      if (index === 0) broken++;
    }
    expect(broken / repetitions).toBeLessThanOrEqual(0.1);
  });
});
