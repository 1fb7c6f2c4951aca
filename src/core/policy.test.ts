import { expect, it } from 'vitest';
import { closedThreshold, leaves, openThreshold, sense, strictly, type Rule } from './policy.ts';

/** Each rule as its papers write it, apart from the table that everything else reads. */
const written: Readonly<Record<Rule, (confidence: number, threshold: number) => boolean>> = {
  above: (confidence, threshold) => confidence > threshold,
  'at-least': (confidence, threshold) => confidence >= threshold,
  below: (confidence, threshold) => confidence < threshold,
};
const rules = Object.keys(written) as Rule[];
const numbers = [-Infinity, -2.5, -1, 0, 0.1, Math.fround(0.1), 1, 2.5, Infinity];

it.each(rules)('%s lets an image go exactly as it is written', (rule) => {
  for (const confidence of numbers)
    for (const threshold of numbers)
      expect(leaves(rule, confidence, threshold)).toBe(written[rule](confidence, threshold));
});

it.each(rules)('%s as a strict comparison says the same of every float32', (rule) => {
  const confidences = numbers.map(Math.fround).filter(Number.isFinite);
  for (const confidence of confidences)
    for (const threshold of confidences) {
      const { sign, bound } = strictly(rule, threshold);
      expect(sign * confidence > bound).toBe(written[rule](confidence, threshold));
    }
});

it.each(rules)('%s has a threshold that nobody passes and one that everybody does', (rule) => {
  for (const confidence of numbers.filter(Number.isFinite)) {
    expect(leaves(rule, confidence, closedThreshold(rule))).toBe(false);
    expect(leaves(rule, confidence, openThreshold(rule))).toBe(true);
  }
});

it('writes a rule with the sign of its sense', () => {
  expect(rules.map((rule) => sense(rule).symbol)).toEqual(['>', '≥', '<']);
});
