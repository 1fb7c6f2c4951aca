import { describe, expect, it } from 'vitest';
import { traceOf } from './fixture.ts';
import { randomFrom } from './random.ts';
import { areProbabilities, reliabilityAt } from './reliability.ts';

/** One exit; each image right or wrong, with its confidence. */
const traced = (images: readonly (readonly [isRight: boolean, confidence: number])[]) =>
  traceOf(images.map(([isRight, sure]) => ({ label: 0, exits: [[isRight ? 0 : 1, sure]] })));

const asChances = { rule: 'above', isProbability: true } as const;

describe('calibration', () => {
  it('is the distance of confidence and accuracy by bin, weighed by images', () => {
    const trace = traced([
      [true, 0.75],
      [false, 0.75],
      [true, 0.95],
      [true, 1],
    ]);
    const found = reliabilityAt(trace, 0, asChances);
    expect(found.bins.map(({ images, accuracy }) => [images, accuracy])).toEqual([
      [2, 0.5],
      [1, 1],
      [1, 1],
    ]);
    expect(found.ece).toBeCloseTo(0.5 * 0.25 + 0.5 * 0.025, 6);
    expect(found.accuracy).toBe(0.75);
    expect(found.confidence).toBeCloseTo((0.75 + 0.75 + 0.95 + 1) / 4, 6);
  });

  it('is near nothing where confidences are the chances', () => {
    const random = randomFrom(3);
    const trace = traced(
      Array.from({ length: 20_000 }, () => {
        const sure = random();
        return [random() < sure, sure] as const;
      }),
    );
    expect(reliabilityAt(trace, 0, asChances).ece).toBeLessThan(0.02);
  });

  it('is not said of what is no probability; bins have as many images each', () => {
    const trace = traced(Array.from({ length: 150 }, (_, i) => [i % 2 === 0, i / 10] as const));
    expect(areProbabilities(trace, 'above')).toBe(false);
    expect(areProbabilities(traced([[true, 0.5]]), 'below')).toBe(false);
    const { ece, bins } = reliabilityAt(trace, 0, { rule: 'below', isProbability: false });
    expect(ece).toBeNull();
    expect(bins.map(({ images }) => images)).toEqual(new Array(15).fill(10));
  });
});

describe('failure prediction', () => {
  it('counts pairs in order, ties by half', () => {
    const trace = traced([
      [true, 0.9],
      [true, 0.5],
      [false, 0.5],
      [false, 0.1],
    ]);
    // Of four pairs three are in order and one is tied.
    expect(reliabilityAt(trace, 0, asChances).auroc).toBe(3.5 / 4);
    expect(reliabilityAt(trace, 0, { rule: 'below', isProbability: false }).auroc).toBe(0.5 / 4);
  });

  it('agrees with the definition, pair by pair', () => {
    const random = randomFrom(5);
    const images = Array.from(
      { length: 300 },
      () => [random() < 0.6, Math.fround(Math.round(random() * 20) / 20)] as const,
    );
    const pairs = images.flatMap(([isRight, sure]) =>
      isRight ? images.filter(([other]) => !other).map(([, less]) => [sure, less] as const) : [],
    );
    const won = pairs.reduce((sum, [a, b]) => sum + (a > b ? 1 : a === b ? 0.5 : 0), 0);
    expect(reliabilityAt(traced(images), 0, asChances).auroc).toBeCloseTo(won / pairs.length, 12);
  });

  it('is unknown where there are no failures, and of no images', () => {
    expect(reliabilityAt(traced([[true, 0.5]]), 0, asChances).auroc).toBeNull();
    const none = reliabilityAt(traced([[true, 0.5]]), 0, asChances, () => false);
    expect(none).toMatchObject({ images: 0, bins: [], ece: null, auroc: null });
  });
});
