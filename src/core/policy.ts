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

/**
 * A rule as one strict comparison for inner loops: an image leaves iff sign·confidence > bound. For `at-least` the
 * bound is the float64 just below T, which no float32 confidence lies between.
 */
export function strictly(rule: Rule, threshold: number): { sign: 1 | -1; bound: number } {
  if (rule === 'below') return { sign: -1, bound: -threshold };
  return { sign: 1, bound: rule === 'above' ? threshold : justBelow(threshold) };
}

const bits = new BigInt64Array(1);
const asNumber = new Float64Array(bits.buffer);

/** The next float64 below a number. */
function justBelow(value: number): number {
  if (value === -Infinity) return value;
  asNumber[0] = value === 0 ? 0 : value;
  if (value > 0) bits[0]!--;
  else if (value < 0) bits[0]!++;
  else asNumber[0] = -Number.MIN_VALUE;
  return asNumber[0]!;
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
