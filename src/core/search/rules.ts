/**
 * Rules with one parameter: a whole policy from a single number. Cheap to tune and easy to explain; the searches show
 * what a threshold for each exit is worth beyond them.
 */
import { firstAlone } from '../pairing.ts';
import { closedPolicy, sense, type Policy, type Rule } from '../policy.ts';
import { policyForShares } from '../quantile.ts';
import type { Trace } from '../trace.ts';
import { coordinateAscent, type Tuned } from './coordinate.ts';
import { lookup } from './lookup.ts';

export type OneParameterRuleId =
  'shared-threshold' | 'shared-quantile' | 'budgeted-batch' | 'patience';

export interface OneParameterRule {
  readonly id: OneParameterRuleId;
  readonly name: string;
  /** One line for the page. */
  readonly help: string;
  readonly citation: string;
  /** What the parameter is called. */
  readonly parameter: string;
  /** The trace that the rule works on: the method's own, or one that is derived from it. */
  readonly prepare: (trace: Trace) => Trace;
  /** How confidences of the prepared trace are held against thresholds; the method's rule where it isn't derived. */
  readonly rule: (methodRule: Rule) => Rule;
  /** Parameters worth trying, from the dearest policy to the cheapest. */
  readonly parameters: (prepared: Trace, rule: Rule) => readonly number[];
  /** The policy of one parameter, tuned on a prepared trace where it needs tuning. */
  readonly policy: (prepared: Trace, rule: Rule, parameter: number) => Policy;
}

const STEPS = 100;
/** Confidences as the method gave them. */
export const asGiven = (trace: Trace): Trace => trace;
const same = (rule: Rule): Rule => rule;

/** One T for all exits: what BranchyNet-style systems and most libraries do. */
const sharedThreshold: OneParameterRule = {
  id: 'shared-threshold',
  name: 'One threshold',
  help: 'The same T at every exit. Suits methods whose exits share a scale; E2CM’s do not.',
  citation: 'Teerapittayanon et al. 2016 (BranchyNet), §III; Kaya et al. 2019 (SDN), §5.',
  parameter: 'T',
  prepare: asGiven,
  rule: same,
  parameters: ({ confidence, count, exits }, rule) => {
    const early = confidence.slice(0, count * (exits.length - 1)).sort();
    const cuts = Array.from({ length: STEPS + 1 }, (_, n) => {
      const at = Math.min(early.length - 1, Math.round((n / STEPS) * early.length));
      return early[at] ?? 0;
    });
    return sense(rule).sign > 0 ? cuts.reverse() : cuts;
  },
  policy: ({ exits }, rule, parameter) => ({
    rule,
    thresholds: new Array<number>(exits.length - 1).fill(parameter),
  }),
};

/** Every exit lets the same share of the images that arrive go. */
const sharedQuantile: OneParameterRule = {
  id: 'shared-quantile',
  name: 'One share',
  help: 'Every exit lets the same share of the images that arrive go; T follows from the tuning images.',
  citation:
    'Quantile thresholds as in Huang et al. 2018 (MSDNet), §4, with one share for all exits.',
  parameter: 'share',
  prepare: asGiven,
  rule: same,
  parameters: () => Array.from({ length: STEPS + 1 }, (_, n) => n / STEPS),
  policy: (trace, rule, share) =>
    policyForShares(trace, rule, new Array<number>(trace.exits.length - 1).fill(share)),
};

/** MSDNet's budgeted batch: exit j takes a share of all images in proportion to p^j. */
const budgetedBatch: OneParameterRule = {
  id: 'budgeted-batch',
  name: 'Budgeted batch',
  help: 'Exit j takes a share of all images in proportion to p to the power j: small p leaves early, large p late.',
  citation: 'Huang et al. 2018 (MSDNet), §4, budgeted batch classification.',
  parameter: 'p',
  prepare: asGiven,
  rule: same,
  // Even steps in log p from 20 down to 1/20: p = 1 gives every exit the same number of images.
  parameters: () => Array.from({ length: STEPS + 1 }, (_, n) => 20 ** (1 - (2 * n) / STEPS)),
  policy: (trace, rule, p) => {
    const exits = trace.exits.length;
    // Scaled so that the largest weight is 1: p^j overflows for many exits.
    const weights = Array.from({ length: exits }, (_, j) =>
      p > 1 ? p ** (j - exits + 1) : p ** j,
    );
    let remaining = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = weights.slice(0, -1).map((weight) => {
      const share = remaining > 0 ? Math.min(1, weight / remaining) : 0;
      remaining -= weight;
      return share;
    });
    return policyForShares(trace, rule, shares);
  },
};

/** PABEE: leave once the label has stayed the same over t exits in a row. */
const patience: OneParameterRule = {
  id: 'patience',
  name: 'Patience',
  help: 'Leave once the label has repeated t times in a row, however sure the exits are.',
  citation: 'Zhou et al. 2020 (PABEE), §3.',
  parameter: 't',
  prepare: patienceTrace,
  rule: () => 'at-least',
  parameters: ({ exits }) =>
    Array.from({ length: exits.length - 1 }, (_, n) => exits.length - 1 - n),
  policy: ({ exits }, rule, t) => ({
    rule,
    thresholds: new Array<number>(exits.length - 1).fill(t),
  }),
};

export const ONE_PARAMETER_RULES: readonly OneParameterRule[] = [
  sharedThreshold,
  sharedQuantile,
  budgetedBatch,
  patience,
];

/**
 * A trace whose confidence at exit j is how often the label has repeated: 0 at the first exit and after a change of
 * label, one more with every exit that agrees with the one before.
 */
export function patienceTrace(trace: Trace): Trace {
  const { count, exits, prediction } = trace;
  const confidence = new Float32Array(prediction.length);
  for (let j = 1; j < exits.length; j++) {
    const here = j * count;
    const before = here - count;
    for (let i = 0; i < count; i++) {
      if (prediction[here + i] === prediction[before + i])
        confidence[here + i] = confidence[before + i]! + 1;
    }
  }
  return { ...firstAlone(trace), confidence };
}

/** Every policy of a rule on a tuning trace, with the plain network as its dearest. */
export function* ruleCurve(
  { prepare, rule, parameters, policy }: OneParameterRule,
  trace: Trace,
  methodRule: Rule,
): Generator<Tuned & { readonly parameter: number | null }> {
  const prepared = prepare(trace);
  const held = rule(methodRule);
  const { measure } = coordinateAscent(lookup(prepared, held));
  yield { ...measure(closedPolicy(held, trace.exits.length).thresholds), parameter: null };
  for (const parameter of parameters(prepared, held))
    yield { ...measure(policy(prepared, held, parameter).thresholds), parameter };
}
