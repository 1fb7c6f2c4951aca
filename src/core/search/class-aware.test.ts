import { describe, expect, it } from 'vitest';
import { randomTrace, traceOf } from '../fixture.ts';
import { forEachClass, isClassAware, sense, type Rule } from '../policy.ts';
import { randomFrom } from '../random.ts';
import { replay } from '../replay.ts';
import type { Trace } from '../trace.ts';
import { frontierSearch } from './best.ts';
import { classAwareSearch } from './class-aware.ts';
import { coordinateAscent, type Tuned } from './coordinate.ts';
import { heightAt, hullByWorth, upperHull } from './frontier.ts';
import { lookup } from './lookup.ts';

const rules: Rule[] = ['above', 'at-least', 'below'];

/** A trace whose classes have confidences of their own scale: one threshold for all lets the wrong ones go. */
function unevenTrace(count: number, seed: number, rule: Rule = 'above'): Trace {
  const trace = randomTrace(count, 4, 5, seed);
  const { sign } = sense(rule);
  const confidence = trace.confidence.map((c, at) => sign * (c + 0.3 * trace.prediction[at]!));
  return { ...trace, confidence };
}

const found = (trace: Trace, rule: Rule, discount?: number): Tuned[] =>
  [...classAwareSearch(trace, rule, discount === undefined ? {} : { discount })].flatMap(
    (step) => step.found,
  );

describe.each(rules)('classAwareSearch (%s)', (rule) => {
  const trace = unevenTrace(1500, 3, rule);

  it('finds policies that replay confirms, those of the plain frontier among them', () => {
    const policies = found(trace, rule);
    for (const { thresholds, cost, accuracy } of policies) {
      const outcome = replay(trace, { rule, thresholds });
      expect(outcome.accuracy).toBeCloseTo(accuracy, 12);
      expect(outcome.meanFlops / trace.networkFlops).toBeCloseTo(cost, 12);
    }
    const plain = upperHull([...frontierSearch(lookup(trace, rule))].flatMap((step) => step.found));
    const counted = hullByWorth(policies);
    for (const { cost, accuracy } of plain)
      expect(
        heightAt(
          counted.map((point) => ({ cost: point.cost, accuracy: point.worth ?? point.accuracy })),
          cost,
        ),
      ).toBeGreaterThanOrEqual(accuracy - 1e-12);
  });

  it('is worth more where classes differ, also on images that it was not tuned on', () => {
    const other = unevenTrace(1500, 4, rule);
    const fall = (policies: readonly Tuned[]) =>
      upperHull(
        policies.map(({ thresholds }) => {
          const { accuracy, meanFlops } = replay(other, { rule, thresholds });
          return { cost: meanFlops / other.networkFlops, accuracy };
        }),
      );
    const plain = fall(upperHull([...frontierSearch(lookup(trace, rule))].flatMap((s) => s.found)));
    const own = hullByWorth(found(trace, rule));
    expect(own.some((policy) => isClassAware(policy, trace))).toBe(true);
    expect(heightAt(fall(own), 0.5)).toBeGreaterThan(heightAt(plain, 0.5) + 0.02);
  });
});

it('gives classes no thresholds of their own where labels are chance', () => {
  const random = randomFrom(5);
  const trace = randomTrace(400, 4, 8, 7);
  const label = trace.label.map(() => Math.floor(random() * 8));
  const counted = hullByWorth(found({ ...trace, label }, 'above', 3));
  expect(counted.some((policy) => isClassAware(policy, trace))).toBe(false);
});

it('leaves the plain policy the worthiest where the tuning images are known by heart', () => {
  // Of either class an exit is right above a confidence of its own, and the last one always: both ways get all right.
  const images = Array.from({ length: 80 }, (_, i) => {
    const [label, sure] = [i % 2, (i >> 1) / 40];
    const isRight = sure > (label === 0 ? 0.2 : 0.7);
    return { label, exits: [[isRight ? label : 2, sure] as const, [label, 1] as const] };
  });
  const trace = traceOf(images);
  const counted = hullByWorth(found(trace, 'above'));
  expect(counted.some((policy) => isClassAware(policy, trace))).toBe(true);
  const best = counted.at(-1)!;
  expect(best.accuracy).toBe(1);
  expect(isClassAware(best, trace)).toBe(false);
  expect(hullByWorth(found(trace, 'above', 0)).at(-1)!.cost).toBeLessThan(best.cost - 0.1);
});

it('one step cuts every class of an exit as well as trying every cut does', () => {
  const trace = unevenTrace(40, 2);
  const ascent = coordinateAscent(lookup(trace, 'above', 'class'));
  const start = forEachClass([0.5, 0.6, 0.7], 5);
  const lambda = 0.4;
  const worth = ({ accuracy, cost }: Tuned): number => accuracy - lambda * cost;
  const stepped = ascent.cutOne(start, 1, lambda);
  for (let c = 0; c < 5; c++) {
    const cuts = [...trace.confidence.subarray(40, 80)].flatMap((value) => [
      value - 1e-4,
      value + 1e-4,
    ]);
    for (const cut of [...cuts, Infinity, -Infinity])
      expect(worth(ascent.measure(stepped.with(5 + c, cut)))).toBeLessThanOrEqual(
        worth(ascent.measure(stepped)) + 1e-12,
      );
  }
  expect(worth(ascent.measure(stepped))).toBeGreaterThan(worth(ascent.measure(start)));
});

it('counts chance by the images that only one of two policies labels right', () => {
  const trace = unevenTrace(200, 6);
  const ascent = coordinateAscent(lookup(trace, 'above', 'class'));
  const base = forEachClass([Infinity, Infinity, Infinity], 5);
  expect(ascent.noise(base, base)).toBe(0);
  const open = base.with(3, -Infinity);
  let changed = 0;
  for (let i = 0; i < 200; i++) {
    if (trace.prediction[i] !== 3) continue;
    const early = trace.label[i] === 3;
    const late = trace.prediction[3 * 200 + i] === trace.label[i];
    if (early !== late) changed++;
  }
  expect(changed).toBeGreaterThan(3);
  expect(ascent.noise(base, open)).toBeCloseTo(Math.sqrt(changed) / 200, 12);
});

it('a class that few images are predicted to be of where they arrive keeps the threshold of the exit', () => {
  const trace = unevenTrace(120, 6);
  const { count, exits, prediction } = trace;
  const start = forEachClass([0.9, 1, 1.1], 5);
  const fewest = 8;
  const free = coordinateAscent(lookup(trace, 'above', 'class')).climb(start, 0.4);
  const held = coordinateAscent(lookup(trace, 'above', 'class'), fewest).climb(start, 0.4);
  const few = ({ thresholds }: Tuned): number[] => {
    const { exitOf } = replay(trace, { rule: 'above', thresholds });
    return start.flatMap((_, at) => {
      const j = Math.floor(at / 5);
      let arriving = 0;
      for (let i = 0; i < count; i++)
        if (exitOf[i]! >= j && prediction[j * count + i] === at % 5) arriving++;
      return arriving < fewest ? [at] : [];
    });
  };
  expect(exits).toHaveLength(4);
  expect(few(held).length).toBeGreaterThan(0);
  for (const at of few(held)) expect(held.thresholds[at]).toBe(start[at]);
  expect(few(free).some((at) => free.thresholds[at] !== start[at])).toBe(true);
  expect(held.thresholds.some((threshold, at) => threshold !== start[at])).toBe(true);
});
