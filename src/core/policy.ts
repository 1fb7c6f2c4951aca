/** A policy decides where an image leaves: a rule and one threshold an exit. */

/**
 * How a confidence is held against its threshold:
 * `above` — leave iff confidence > T, strict (E2CM, eq. 6);
 * `at-least` — leave iff confidence ≥ T (Shallow-Deep Networks);
 * `below` — leave iff confidence < T (BranchyNet's entropy, in nats).
 */
export type Rule = 'above' | 'at-least' | 'below';

export interface Policy {
  readonly rule: Rule;
  /** T_j for every exit but the last, which takes whoever is left: length M − 1. */
  readonly thresholds: readonly number[];
}

/** Whether a confidence leaves under a rule. */
export function leaves(rule: Rule, confidence: number, threshold: number): boolean {
  if (rule === 'above') return confidence > threshold;
  if (rule === 'at-least') return confidence >= threshold;
  return confidence < threshold;
}

/** A threshold that lets nobody leave under a rule. */
export function closedThreshold(rule: Rule): number {
  return rule === 'below' ? -Infinity : Infinity;
}

/** A threshold that lets everybody leave under a rule. */
export function openThreshold(rule: Rule): number {
  return rule === 'below' ? Infinity : -Infinity;
}

/** The policy under which every image runs the whole network of `exits` exits. */
export function closedPolicy(rule: Rule, exits: number): Policy {
  return { rule, thresholds: new Array<number>(exits - 1).fill(closedThreshold(rule)) };
}

/** The same policy with one threshold changed. */
export function withThreshold(policy: Policy, exit: number, threshold: number): Policy {
  return { ...policy, thresholds: policy.thresholds.with(exit, threshold) };
}
