/** A policy decides where an image leaves: a rule, and one threshold an exit or several. */
import { pairCell, type Paired } from './pairing.ts';

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
  /**
   * For every exit but the last, which takes whoever is left: one threshold T_j, length M − 1; or several an exit, in a row
   * for each exit, by what `Cell` says.
   */
  readonly thresholds: readonly number[];
}

/**
 * What an exit's thresholds are for.
 * `exit`: one for all images, of the trace's own confidence; a second judge is not asked.
 * `class`: one for each class that the exit may predict, T_jc at j·K + c.
 * `label`: of two judges, one where their labels differ and one where they are the same.
 * `judge`: of two judges, one for the confidence of each.
 */
export type Cell = 'exit' | 'class' | 'label' | 'judge';

/** What the length of a policy's thresholds is held against. */
export interface ExitsAndClasses extends Paired {
  readonly exits: { readonly length: number };
  readonly classes: { readonly length: number };
}

/** What thresholds are for, by how many there are. Null where they are for other exits or classes. */
export function cellOf(thresholds: readonly number[], of: ExitsAndClasses): Cell | null {
  const last = of.exits.length - 1;
  const { length } = thresholds;
  if (length === last) return 'exit';
  const pair = pairCell(of);
  if (pair && length === 2 * last) return pair;
  return length === last * of.classes.length ? 'class' : null;
}

/** Thresholds that an exit has. */
export function perExit(cell: Cell, { classes }: Pick<ExitsAndClasses, 'classes'>): number {
  return cell === 'exit' ? 1 : cell === 'class' ? classes.length : 2;
}

/** The same by the thresholds themselves; null where they are for other exits or classes. */
export function thresholdsPerExit(
  thresholds: readonly number[],
  of: ExitsAndClasses,
): number | null {
  const cell = cellOf(thresholds, of);
  return cell && perExit(cell, of);
}

/** Whether a policy has a threshold for each predicted class. */
export const isClassAware = (
  { thresholds }: Pick<Policy, 'thresholds'>,
  trace: ExitsAndClasses,
): boolean => cellOf(thresholds, trace) === 'class';

/** The thresholds of one exit: one, or one of each of its cells. */
export function thresholdsOf(
  { thresholds }: Pick<Policy, 'thresholds'>,
  trace: ExitsAndClasses,
  exit: number,
): readonly number[] {
  const per = thresholdsPerExit(thresholds, trace) ?? 1;
  return thresholds.slice(exit * per, (exit + 1) * per);
}

/** One threshold an exit written out for each of K classes. */
export const forEachClass = (thresholds: readonly number[], classes: number): number[] =>
  thresholds.flatMap((threshold) => new Array<number>(classes).fill(threshold));

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

/** The same policy with an exit's thresholds changed, as many as it had. */
export function withThresholds(policy: Policy, exit: number, those: readonly number[]): Policy {
  const thresholds = [...policy.thresholds];
  thresholds.splice(exit * those.length, those.length, ...those);
  return { ...policy, thresholds };
}
