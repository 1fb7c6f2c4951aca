import { describe, expect, it } from 'vitest';
import { leaves, rules } from '../core/policy.ts';
import { rankOf } from '../methods/parts/agreement/ranks.ts';
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

  it('holds each of two judges against the confidence from which on its rank is high enough', () => {
    const sorted = Float32Array.from({ length: 7 }, () => Math.round(10 * random()) / 10).sort();
    const both = exit('a', { rule: 'and', sorted: [sorted, sorted] });
    for (let k = 0; k <= 7; k++) {
      const threshold = Math.fround(k / 7);
      const plan = planOf([both, exit('b')], ['x', 'y'], {
        rule: 'at-least',
        thresholds: [threshold],
      });
      const [limits] = plan.exits[0]!.thresholds;
      for (let c = -1; c <= 11; c++) {
        const confidence = Math.fround(c / 10);
        expect(confidence >= limits![0]!).toBe(
          Math.fround(rankOf(sorted, confidence)) >= threshold,
        );
      }
    }
  });
});
