import { describe, expect, it } from 'vitest';
import { randomTrace, traceOf } from '../fixture.ts';
import { randomFrom } from '../random.ts';
import type { Rule } from '../policy.ts';
import { replay } from '../replay.ts';
import { heightAt, nearestByCost, replayFrontier, upperHull } from './frontier.ts';
import { exitOrder } from './order.ts';
import { frontierSearch } from './best.ts';
import { twoExitHull } from './two-exits.ts';
import { coordinateAscent, type Tuned } from './coordinate.ts';
import { literalSearch } from './literal.ts';
import { lookup } from './lookup.ts';
import { PAPER_TARGETS, paperSearch, paperSearcher } from './paper.ts';
import { everyNth, imagesAt, type Trace } from '../trace.ts';
import { sweep } from './sweep.ts';

const rules: Rule[] = ['above', 'at-least', 'below'];

describe('exitOrder', () => {
  it('sorts every exit, negative numbers and ties included', () => {
    const values = [0.5, -1, 0.25, 0.5, 0, -0.5, 3];
    const trace = traceOf(
      values.map((c) => ({
        label: 0,
        exits: [
          [0, c],
          [0, -c],
        ],
      })),
    );
    const { order } = exitOrder(trace, 'above');
    expect([...order.subarray(0, 7)]).toEqual([6, 0, 3, 2, 4, 5, 1]);
    expect([...exitOrder(trace, 'below').order.subarray(0, 7)]).toEqual([1, 5, 4, 2, 0, 3, 6]);
  });
});

describe('upperHull', () => {
  it('keeps the points that no time sharing beats', () => {
    const points = [
      { cost: 0.1, accuracy: 0.3 },
      { cost: 0.2, accuracy: 0.7 },
      { cost: 0.3, accuracy: 0.75 }, // under the line from 0.2 to 0.5
      { cost: 0.5, accuracy: 0.9 },
      { cost: 0.6, accuracy: 0.85 }, // dearer and worse
      { cost: 0.2, accuracy: 0.4 }, // same cost, worse
    ];
    expect(upperHull(points).map((point) => point.cost)).toEqual([0.1, 0.2, 0.5]);
    expect(upperHull([])).toEqual([]);
  });
});

describe.each(rules)('sweep (%s)', (rule) => {
  const trace = randomTrace(300, 4);
  const points = [...sweep(trace, exitOrder(trace, rule), 8)];

  it('begins with the plain network and ends with everybody at exit 0', () => {
    expect(points[0]).toMatchObject({ cost: 1, firstExit: 3, share: 0 });
    expect(points.at(-1)).toMatchObject({ cost: 0.25, firstExit: 0, share: 1 });
    expect(points).toHaveLength(1 + 3 * 8);
  });

  it('gives points that replay confirms', () => {
    for (const { cost, accuracy, thresholds } of points) {
      const outcome = replay(trace, { rule, thresholds });
      expect(outcome.accuracy).toBeCloseTo(accuracy, 12);
      expect(outcome.meanFlops / trace.networkFlops).toBeCloseTo(cost, 12);
    }
    const again = replayFrontier(points, trace, rule);
    expect(again[nearestByCost(again, 0.25)]!.cost).toBeCloseTo(0.25, 12);
  });
});

it('sweeps a trace whose confidences are all equal', () => {
  const trace = traceOf(
    Array.from({ length: 6 }, () => ({
      label: 0,
      exits: [
        [0, 0.1],
        [0, 0.1],
      ],
    })),
  );
  for (const rule of rules) {
    for (const { cost, thresholds } of sweep(trace, exitOrder(trace, rule), 6)) {
      expect(replay(trace, { rule, thresholds }).meanFlops / 2).toBeCloseTo(cost, 12);
    }
  }
});

describe('paperSearcher', () => {
  const trace = randomTrace(2000, 6);
  const search = paperSearcher(lookup(trace, 'above'));

  it.each([0.3, 0.55, 0.8])('meets %s of the FLOPs, and replay confirms it', (target) => {
    const found = search({ target, seed: 7 });
    if (!found.reached) throw new Error(found.reason);
    expect(Math.abs(found.cost - target)).toBeLessThanOrEqual(0.0005);
    const outcome = replay(trace, { rule: 'above', thresholds: found.thresholds });
    expect(outcome.meanFlops / trace.networkFlops).toBeCloseTo(found.cost, 12);
    expect(outcome.accuracy).toBeCloseTo(found.accuracy, 12);
  });

  it.each(rules)('gives exactly the thresholds of the literal algorithm (%s)', (rule) => {
    const few = randomTrace(400, 5, 10, 3);
    const exact = paperSearcher(lookup(few, rule));
    const range = rule === 'below' ? ([0, Math.log(10)] as const) : ([0, 1] as const);
    for (let t = 0; t <= 100; t++) {
      const options = { target: t / 100, seed: t + 1, range };
      const literal = literalSearch(few, rule, options);
      const found = exact(options);
      expect(found.reached).toBe(literal.reached);
      if (found.reached && literal.reached) expect(found.thresholds).toEqual(literal.thresholds);
      else expect(found).toEqual(literal);
    }
  });

  it('draws and bisects on another scale as the literal algorithm does', () => {
    const few = randomTrace(400, 5, 10, 3);
    // Confidences between 0.1 and 300, as many between 1 and 10 as between 10 and 100.
    const wide = { ...few, confidence: few.confidence.map((c) => 0.1 * 3000 ** c) };
    const scale = { range: [Math.log(0.1), Math.log(300)], at: Math.exp } as const;
    const exact = paperSearcher(lookup(wide, 'at-least'));
    const targets = Array.from({ length: 20 }, (_, t) => (t + 1) / 20);
    const reached = targets.filter((target, t) => {
      const options = { target, seed: t + 1, ...scale };
      const found = exact(options);
      const literal = literalSearch(wide, 'at-least', options);
      expect(found.reached).toBe(literal.reached);
      if (found.reached && literal.reached) expect(found.thresholds).toEqual(literal.thresholds);
      return found.reached;
    });
    // In [0, 1] nobody could be kept whose confidence is above 1.
    const even = targets.filter((target, t) => exact({ target, seed: t + 1 }).reached);
    expect(Math.max(...reached)).toBeGreaterThan(Math.max(...even) + 0.2);
  });

  it('gives the same thresholds for the same seed, and others for another', () => {
    const run = (seed: number) => search({ target: 0.5, seed });
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });

  it('says so when a target is out of reach', () => {
    expect(search({ target: 0.05, seed: 1 })).toEqual({
      reached: false,
      reason: expect.stringMatching(
        /0\.050 of the FLOPs cannot be reached: the cheapest policy costs 0\.167/,
      ) as string,
    });
    const tied = traceOf(
      Array.from({ length: 4 }, () => ({
        label: 0,
        exits: [
          [0, 0.5],
          [0, 0.5],
        ],
      })),
    );
    expect(paperSearcher(lookup(tied, 'above'))({ target: 0.7, seed: 1 })).toMatchObject({
      reached: false,
    });
  });
});

describe('frontierSearch', () => {
  /** Every policy that can be told apart: each exit cut between any two different confidences, or shut, or open. */
  function* everyPolicy(trace: Trace, rule: Rule, j = 0): Generator<number[]> {
    if (j === trace.exits.length - 1) {
      yield [];
      return;
    }
    const here = trace.confidence.subarray(j * trace.count, (j + 1) * trace.count);
    const values = [...new Set(here)].sort((a, b) => a - b);
    const cuts = [
      -Infinity,
      ...values.slice(1).map((value, i) => (value + values[i]!) / 2),
      Infinity,
    ];
    for (const cut of cuts)
      for (const rest of everyPolicy(trace, rule, j + 1)) yield [cut, ...rest];
  }

  const found = (trace: Trace, rule: Rule): Tuned[] =>
    [...frontierSearch(lookup(trace, rule), { resolution: 1e-6 })].flatMap((step) => step.found);

  /** Largest amount by which the true hull rises above the found one. */
  function gap(trace: Trace, rule: Rule): number {
    const ascent = coordinateAscent(lookup(trace, rule));
    const optimum = upperHull(
      [...everyPolicy(trace, rule)].map((thresholds) => ascent.measure(thresholds)),
    );
    const hull = upperHull(found(trace, rule));
    return Math.max(...optimum.map(({ cost, accuracy }) => accuracy - heightAt(hull, cost)));
  }

  it('finds policies that replay confirms', () => {
    const trace = randomTrace(500, 5);
    for (const { thresholds, cost, accuracy } of found(trace, 'above')) {
      const outcome = replay(trace, { rule: 'above', thresholds });
      expect(outcome.accuracy).toBeCloseTo(accuracy, 12);
      expect(outcome.meanFlops / trace.networkFlops).toBeCloseTo(cost, 12);
    }
  });

  it('comes near the true optimum on traces small enough to try every policy', () => {
    const gaps = Array.from({ length: 12 }, (_, seed) =>
      gap(randomTrace(12, 4, 3, seed + 1), rules[seed % 3]!),
    );
    // In units of images of 12: the worst case over these traces is below one image, the mean far below.
    expect(Math.max(...gaps)).toBeLessThan(1 / 12);
    expect(gaps.reduce((a, b) => a + b) / gaps.length).toBeLessThan(0.25 / 12);
  });

  it.each([1, 2, 3])(
    'is at or above the hull of the paper search on the trace it is tuned on (seed %s)',
    (seed) => {
      const trace = randomTrace(3000, 6, 10, seed);
      const table = lookup(trace, 'above');
      const paper = [
        ...paperSearch(table, { seed, targets: PAPER_TARGETS.filter((_, i) => i % 10 === 0) }),
      ];
      const paperHull = upperHull(paper.flatMap((step) => step.found));
      const hull = upperHull(found(trace, 'above'));
      for (const { cost, accuracy } of paperHull)
        expect(heightAt(hull, cost)).toBeGreaterThanOrEqual(accuracy - 1e-9);
    },
  );

  it('is nowhere below the paper’s search on small traces with ties, whatever the rule', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomFrom(seed);
      const among = (least: number, most: number): number =>
        least + Math.floor(random() * (most - least + 1));
      const trace = randomTrace(among(1, 160), among(1, 7), among(2, 6), seed);
      const steps = among(2, 60);
      // Few different confidences: ties leave together.
      const tied = seed % 2 === 0;
      const few = {
        ...trace,
        confidence: tied
          ? trace.confidence.map((c) => Math.round(c * steps) / steps)
          : trace.confidence,
      };
      const rule = rules[seed % 3]!;
      const table = lookup(few, rule);
      const paper = { seed, range: [0, 1] as const };
      const papers = upperHull([...paperSearch(table, paper)].flatMap((step) => step.found));
      const hull = upperHull([...frontierSearch(table, { paper })].flatMap((step) => step.found));
      for (const { cost, accuracy } of papers)
        expect(heightAt(hull, cost), `trace ${seed}`).toBeGreaterThanOrEqual(accuracy - 1e-12);
    }
  });

  it('refines on all images what it searched on a part of them', () => {
    const trace = randomTrace(20_000, 4);
    const coarse = everyNth(trace, 2);
    expect(coarse.count).toBe(10_000);
    expect(coarse.label[3]).toBe(trace.label[6]);
    expect(everyNth(trace, 3, 1).label[2]).toBe(trace.label[7]);
    expect(everyNth(trace, 3, 1).count).toBe(6667);
    const some = imagesAt(trace, Uint32Array.of(9, 2));
    const at = trace.count + 9;
    expect([some.label[0], some.prediction[2]]).toEqual([trace.label[9], trace.prediction[at]]);
    expect(some.confidence[2]).toBe(trace.confidence[at]);
    expect(coarse.confidence[2 * 10_000 + 3]).toBe(trace.confidence[2 * 20_000 + 6]);
    const hull = upperHull(
      [...frontierSearch(lookup(trace, 'above'))].flatMap((step) => step.found),
    );
    const whole = coordinateAscent(lookup(trace, 'above'));
    for (const { thresholds, cost } of hull) expect(whole.measure(thresholds).cost).toBe(cost);
    expect(hull.length).toBeGreaterThan(5);
  });

  it('works with one exit, with equal confidences, and refuses NaN', () => {
    const single = traceOf([{ label: 0, exits: [[0, 0.5]] }]);
    expect(upperHull(found(single, 'above'))).toMatchObject([
      { cost: 1, accuracy: 1, thresholds: [] },
    ]);
    const equal = traceOf(
      Array.from({ length: 5 }, (_, i) => ({
        label: i % 2,
        exits: [
          [0, 0.1],
          [i % 2, 0.1],
        ],
      })),
    );
    expect(upperHull(found(equal, 'above')).map(({ cost }) => cost)).toEqual([0.5, 1]);
    const broken = traceOf([
      {
        label: 0,
        exits: [
          [0, NaN],
          [0, 1],
        ],
      },
    ]);
    expect(() => lookup(broken, 'above')).toThrow(/not a number/);
  });
});

it('the hull of two exits is that of all cuts of the first with the second behind it', () => {
  for (const rule of rules) {
    const trace = randomTrace(60, 4, 5, 9);
    const table = lookup(trace, rule);
    const { measure } = coordinateAscent(table);
    const shut = rule === 'below' ? -Infinity : Infinity;
    for (const [i, j] of [
      [0, 1],
      [0, 3],
      [2, 3],
    ] as const) {
      const values = [...trace.confidence.subarray(i * 60, (i + 1) * 60)].sort((a, b) => a - b);
      const cuts = [-Infinity, ...values.slice(1).map((v, n) => (v + values[n]!) / 2), Infinity];
      const all = cuts.map((cut) => {
        const thresholds = [shut, shut, shut];
        thresholds[i] = cut;
        if (j < 3) thresholds[j] = -shut;
        return measure(thresholds);
      });
      const found = upperHull(twoExitHull(table, i, j));
      const best = upperHull(all);
      for (const { cost, accuracy } of best)
        expect(heightAt(found, cost + 1e-12)).toBeCloseTo(accuracy, 9);
      for (const { thresholds, cost, accuracy } of found) {
        expect(measure(thresholds).cost).toBeCloseTo(cost, 12);
        expect(measure(thresholds).accuracy).toBeCloseTo(accuracy, 12);
      }
    }
  }
});
