import type { Rule } from '../../core/policy.ts';

/** When which rule is meant. */
export const ruleMeanings: Readonly<Record<Rule, string>> = {
  above: 'sure images have large values, as a max softmax',
  'at-least': 'the same, and an image that equals T leaves too',
  below: 'sure images have small values, as an entropy',
};
