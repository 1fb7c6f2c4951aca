/** What follows from traces, a choice of thresholds and the curves that were found: pure, and in one place. */
import type { Costs } from '../../core/costs.ts';
import { decided } from '../../core/pairing.ts';
import { thresholdsPerExit, type Policy, type Rule } from '../../core/policy.ts';
import { replay, type Outcome } from '../../core/replay.ts';
import { asGiven, ONE_PARAMETER_RULES } from '../../core/search/rules.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import { heldIn } from '../../methods/registry.ts';
import { drawOn, type Curve, type CurveId } from './curve.ts';

/** Who set the thresholds: nobody yet, a curve's default, a person, a shared link, a file, or a target. */
export type PolicySource =
  'provisional' | 'default' | 'person' | 'link' | 'file' | 'target' | 'certified';

export type Curves = Readonly<Partial<Record<CurveId, Curve>>>;

/** What a scene was given: by a method, by searches, by a person. */
export interface Given {
  /** As the method gave them. */
  readonly train: Trace | null;
  readonly test: Trace | null;
  /** Training images that made no mean; null when none were kept back. */
  readonly holdout: Trace | null;
  /** The split that a person asked to see; the other one is shown while this one is empty. */
  readonly split: TraceSplit;
  /** What a person says that exits cost, in the place of FLOPs; traces have them already. */
  readonly costs: Costs | null;
  readonly policy: Policy | null;
  readonly source: PolicySource;
  /** Thresholds of a link, waiting for the first trace. */
  readonly linked: readonly number[] | null;
  /** The curve along which the operating point moves. */
  readonly chosen: CurveId;
  readonly curves: Curves;
  /** Whether the policy stands still: what takes longer than a frame of a drag waits for that. */
  readonly isResting: boolean;
}

/** What is on screen. */
export interface Shown extends Given {
  /** What the chosen rule makes of the split's trace. */
  readonly trace: Trace | null;
  /** Of `policy` on `trace`. Its arrays are overwritten by the next outcome; its identity tells them apart. */
  readonly outcome: Outcome | null;
  /** What `policy` gives on the tuning trace, for the gap between the splits; null while it moves. */
  readonly tuningOutcome: { readonly accuracy: number; readonly cost: number } | null;
}

export const nothing = {
  train: null,
  test: null,
  holdout: null,
  costs: null,
  policy: null,
  source: 'provisional',
  curves: {},
  isResting: false,
} as const satisfies Partial<Given>;

export const emptyShown: Shown = {
  ...nothing,
  split: 'test',
  linked: null,
  chosen: 'frontier',
  trace: null,
  outcome: null,
  tuningOutcome: null,
};

type Replay = (trace: Trace, policy: Policy) => Outcome;

/**
 * The state after a change: whatever does not follow from what changed stays the same object.
 * @param outcomeOf replays a policy; a scene gives one that uses the same buffers again.
 */
export function derive(before: Shown, change: Partial<Given>, outcomeOf: Replay = replay): Shown {
  const given = { ...before, ...change };
  const trace = traceOf(given);
  const policy = trace && fitting(given.policy, trace);
  const isSame = trace === before.trace && policy === before.policy && before.outcome !== null;
  return {
    ...given,
    trace,
    curves: drawn(before, given),
    outcome: isSame ? before.outcome : trace && policy && outcomeOf(trace, policy),
    tuningOutcome: given.isResting ? tuningOutcomeOf(before, given) : null,
  };
}

const fitting = (policy: Policy | null, trace: Trace): Policy | null =>
  policy && thresholdsPerExit(policy.thresholds, trace) !== null ? policy : null;

/** The trace on screen. */
export function traceOf(
  given: Pick<Given, 'train' | 'test' | 'holdout' | 'split' | 'chosen'>,
): Trace | null {
  const { test, train, split, chosen } = given;
  const wanted = [given[split], test, train].find((trace) => trace && trace.count > 0);
  return wanted ? preparedFor(chosen, wanted) : null;
}

/** The trace on screen as the method gave it: what a curve's rule or two judges made of it undone. */
export const givenTrace = (state: Shown): Trace | null => state[state.trace?.split ?? state.split];

/** The complete trace that thresholds are chosen on: the held-out images where some were kept, else the training images. */
export function tuningTrace({ train, holdout }: Pick<Given, 'train' | 'holdout'>): Trace | null {
  const trace = holdout ?? train;
  return trace && trace.count === trace.total ? trace : null;
}

function tuningOutcomeOf(before: Shown, given: Given): Shown['tuningOutcome'] {
  const { policy, chosen } = given;
  const trace = tuningTrace(given);
  if (!trace || !policy || !fitting(policy, trace)) return null;
  const isSame =
    policy === before.policy && chosen === before.chosen && trace === tuningTrace(before);
  if (isSame && before.tuningOutcome) return before.tuningOutcome;
  const tuning = preparedFor(chosen, trace);
  const { accuracy, meanFlops } = replay(tuning, policy);
  return { accuracy, cost: meanFlops / tuning.networkFlops };
}

/** Curves as they fall on the test trace of now. */
function drawn(before: Shown, { test, curves }: Given): Curves {
  const isSameTest = test === before.test;
  if (!test || (isSameTest && curves === before.curves)) return curves;
  return Object.fromEntries(
    Object.values(curves).map((curve) => [
      curve.id,
      isSameTest && curve === before.curves[curve.id]
        ? curve
        : drawOn(curve, preparedFor(curve.id, test)),
    ]),
  );
}

/**
 * The curve on which the operating point stands: the chosen one, or the sweep until that has begun, where its thresholds
 * mean the same.
 */
export function activeCurve({ curves, chosen }: Pick<Given, 'curves' | 'chosen'>): Curve | null {
  return curves[chosen] ?? (isHeldAlike('sweep', chosen) ? curves.sweep : null) ?? null;
}

/** Whether thresholds of two curves are held against the same numbers: patience counts repeated labels instead. */
export const isHeldAlike = (one: CurveId, other: CurveId): boolean =>
  (parameterRule(one)?.prepare ?? asGiven) === (parameterRule(other)?.prepare ?? asGiven);

function parameterRule(id: CurveId) {
  return ONE_PARAMETER_RULES.find((rule) => rule.id === id);
}

/** How a curve's rule holds a trace's confidences against thresholds. */
export function heldBy(id: CurveId, trace: Pick<Trace, 'rule' | 'method'>): Rule {
  const own = heldIn(trace);
  return parameterRule(id)?.rule(own) ?? own;
}

/** Held by the trace: with it, they are forgotten. */
const preparedTraces = new WeakMap<Trace, Map<CurveId, Trace>>();

/**
 * A trace as a curve's rule sees it: patience looks at repetitions, the others at the method's confidences, which two judges
 * may have made one of.
 */
export function preparedFor(id: CurveId, given: Trace): Trace {
  const trace = decided(given);
  const rule = parameterRule(id);
  if (!rule) return trace;
  const known = preparedTraces.get(trace) ?? new Map<CurveId, Trace>();
  preparedTraces.set(trace, known);
  const prepared = known.get(id) ?? rule.prepare(trace);
  known.set(id, prepared);
  return prepared;
}
