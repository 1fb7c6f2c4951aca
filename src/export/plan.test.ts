import { describe, expect, it } from 'vitest';
import { leaves, rules } from '../core/policy.ts';
import type { Pairing } from '../core/pairing.ts';
import type { WrittenExit } from '../methods/contract/written.ts';
import { randomFrom } from '../core/random.ts';
import { asFloat32, planOf } from './plan.ts';

const random = randomFrom(1);
const judge = {
  kind: 'logits',
  logits: { from: 'network' },
  sureness: { kind: 'softmax' },
} as const;
const exit = (name: string, agreement: WrittenExit['agreement'] = null): WrittenExit => ({
  ...{ name, stage: 0, flops: 1, agreement },
  judges: agreement ? [judge, judge] : [judge],
});

describe('a threshold as a float32', () => {
  it('has the same confidences on its side, whatever the rule', () => {
    for (let n = 0; n < 2000; n++) {
      const threshold = (random() - 0.3) * 3;
      const near = Math.fround(threshold);
      const step = Math.abs(near) * 2 ** -23;
      for (const rule of rules)
        for (const confidence of [near, Math.fround(near + step), Math.fround(near - step)])
          expect(leaves(rule, confidence, asFloat32(rule, threshold))).toBe(
            leaves(rule, confidence, threshold),
          );
    }
    expect(asFloat32('above', -Infinity)).toBe(-Infinity);
    expect(asFloat32('above', 0.5)).toBe(0.5);
  });
});

describe('a plan', () => {
  it('leaves out exits that let nobody go, and keeps the numbers of the others', () => {
    const exits = [exit('a'), exit('b'), exit('c')];
    const plan = planOf(exits, ['x', 'y'], { rule: 'above', thresholds: [Infinity, 0.5] });
    expect(plan.exits.map(({ exit: index, name }) => [index, name])).toEqual([
      [1, 'b'],
      [2, 'c'],
    ]);
    expect(plan.exits[0]!.thresholds).toEqual([Float32Array.of(0.5)]);
    const byClass = planOf(exits, ['x', 'y'], {
      rule: 'above',
      thresholds: [Infinity, 0.5, Infinity, Infinity],
    });
    expect(byClass.exits.map(({ name }) => name)).toEqual(['a', 'c']);
  });

  const planned = (agreement: Pairing, thresholds: number[]) =>
    planOf([exit('a', agreement), exit('b', agreement), exit('c')], ['x', 'y', 'z'], {
      rule: 'at-least',
      thresholds,
    }).exits;

  it('holds two judges against a threshold each, and leaves out one that is not asked', () => {
    const [both, last] = planned('and-confidence', [0.5, 0.25, 0.5, Infinity]);
    expect(both).toMatchObject({ name: 'a', agree: 'and' });
    expect(both!.judges).toHaveLength(2);
    expect(both!.thresholds).toEqual([Float32Array.of(0.5), Float32Array.of(0.25)]);
    expect(last!.name).toBe('c');
    const [, one] = planned('or', [0.5, 0.25, 0.5, Infinity]);
    expect(one).toMatchObject({ name: 'b', agree: 'or' });
    const [alone] = planned('or', [0.5, 0.25]);
    expect(alone).toMatchObject({ agree: null, thresholds: [Float32Array.of(0.5)] });
    expect(alone!.judges).toHaveLength(1);
    expect(planned('and-label', [0.5, 0.25])[0]).toMatchObject({ agree: 'label' });
  });

  it('lets nobody go by the threshold of the other labels, however open', () => {
    const [first] = planned('by-label', [Infinity, -Infinity, 0.5, 0.5]);
    expect(first).toMatchObject({ agree: 'by-label' });
    expect(first!.thresholds).toEqual([Float32Array.of(Infinity), Float32Array.of(0)]);
  });
});
