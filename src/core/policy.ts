/** A policy decides where an image leaves: a rule and one threshold an exit. */

/** What a rule means: an image leaves iff sign·confidence > sign·T; where the rule is not strict, also if both are equal. */
export interface Sense {
  /** 1 where large confidences leave first, −1 where small ones do. */
  readonly sign: 1 | -1;
  /** Whether an image whose confidence equals T stays. */
  readonly strict: boolean;
  /** As it is written: "confidence > T". */
  readonly symbol: string;
}

const SENSES = {
  /** E2CM, eq. 6. */
  above: { sign: 1, strict: true, symbol: '>' },
  /** Shallow-Deep Networks. */
  'at-least': { sign: 1, strict: false, symbol: '≥' },
  /** BranchyNet's entropy, in nats. */
  below: { sign: -1, strict: true, symbol: '<' },
} as const satisfies Readonly<Record<string, Sense>>;

/** How a confidence is held against its threshold. Another rule is another row of the table above, and nothing else. */
export type Rule = keyof typeof SENSES;

export const rules = Object.keys(SENSES) as readonly Rule[];

/** What a rule means: all that is computed under a rule follows from it. */
export const sense = (rule: Rule): Sense => SENSES[rule];

export interface Policy {
  readonly rule: Rule;
  /** T_j for every exit but the last, which takes whoever is left: length M − 1. */
  readonly thresholds: readonly number[];
}

/** Whether a confidence leaves under a rule. */
export function leaves(rule: Rule, confidence: number, threshold: number): boolean {
  const { sign, strict } = sense(rule);
  return strict ? sign * confidence > sign * threshold : sign * confidence >= sign * threshold;
}

/**
 * A rule as one strict comparison for inner loops: an image leaves iff sign·confidence > bound. Where the rule is not
 * strict the bound is the float64 just below sign·T, which no float32 confidence lies between.
 */
export function strictly(rule: Rule, threshold: number): { sign: 1 | -1; bound: number } {
  const { sign, strict } = sense(rule);
  return { sign, bound: strict ? sign * threshold : justBelow(sign * threshold) };
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
  return sense(rule).sign * Infinity;
}

/** A threshold that lets everybody leave under a rule. */
export function openThreshold(rule: Rule): number {
  return -sense(rule).sign * Infinity;
}

/** The policy under which every image runs the whole network of `exits` exits. */
export function closedPolicy(rule: Rule, exits: number): Policy {
  return { rule, thresholds: new Array<number>(exits - 1).fill(closedThreshold(rule)) };
}

/** The same policy with one threshold changed. */
export function withThreshold(policy: Policy, exit: number, threshold: number): Policy {
  return { ...policy, thresholds: policy.thresholds.with(exit, threshold) };
}
