import { describe, expect, it } from 'vitest';
import { notableLoss, worstLoss } from './class-effects.ts';
import { traceOf, type FixtureImage } from './fixture.ts';
import { replay } from './replay.ts';

/** Images of a class at two exits; all leave at the first one. */
const images = (label: number, n: number, first: boolean, last: boolean): FixtureImage[] => {
  const other = (label + 1) % 3;
  const exit = (isRight: boolean) => [isRight ? label : other, 1] as const;
  return Array.from({ length: n }, () => ({ label, exits: [exit(first), exit(last)] }));
};
const found = (...of: readonly FixtureImage[][]) => {
  const trace = traceOf(of.flat());
  const outcome = replay(trace, { rule: 'above', thresholds: [0.5] });
  return { notable: notableLoss(trace, outcome), worst: worstLoss(trace, outcome) };
};

describe('a loss that is told without being asked for', () => {
  it('is of the class that loses most, net of what it wins', () => {
    const { notable, worst } = found(
      images(0, 20, true, true),
      [...images(1, 12, false, true), ...images(1, 2, true, false), ...images(1, 86, true, true)],
      [...images(2, 9, false, true), ...images(2, 91, true, true)],
    );
    expect(notable).toEqual({ label: 1, loss: 0.1, images: 100, isMost: true });
    expect(worst).toBe(0.1);
  });

  it('is 5 points or more', () => {
    const of = (lost: number) =>
      found([...images(0, lost, false, true), ...images(0, 200 - lost, true, true)]).notable;
    expect(of(9)).toBeNull();
    expect(of(10)).toMatchObject({ loss: 0.05 });
  });

  it('is not made of few images', () => {
    expect(found(images(0, 3, false, true)).notable).toBeNull();
    // As many won as lost say nothing, however many they are.
    const even = [...images(1, 40, false, true), ...images(1, 34, true, false)];
    expect(found(even).notable).toBeNull();
    expect(found(images(0, 3, false, true), images(1, 4, false, true)).notable).toMatchObject({
      label: 1,
      isMost: true,
    });
    // A class of few images that loses more is not passed over in silence.
    const ten = [...images(1, 10, false, true), ...images(1, 90, true, true)];
    expect(found(images(0, 3, false, true), ten).notable).toMatchObject({
      label: 1,
      isMost: false,
    });
  });
});
