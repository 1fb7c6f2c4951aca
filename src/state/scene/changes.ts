/** What a trace, a curve or a person changes in what is shown: pure, each one change. */
import { withCosts, withoutCosts, type Costs } from '../../core/costs.ts';
import {
  cellOf,
  thresholdsOf,
  thresholdsPerExit,
  withThresholds,
  type Policy,
  type Rule,
} from '../../core/policy.ts';
import { finished } from '../../core/pauses.ts';
import { underPairing, type Pairing } from '../../core/pairing.ts';
import {
  arrivals,
  policyExitByExit,
  policyMoved,
  thresholdForCount,
  thresholdForShare,
  type Arrivals,
} from '../../core/quantile.ts';
import { nearestByCost } from '../../core/search/frontier.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { Curve, CurveId } from './curve.ts';
import {
  activeCurve,
  heldBy,
  isHeldAlike,
  traceOf,
  type Given,
  type PolicySource,
  type Shown,
} from './derive.ts';

export type Change = Partial<Given>;

/** Share of the arriving images that every exit lets go until a curve has been swept. */
const PROVISIONAL_SHARE = 0.15;

const provisional = (trace: Trace, chosen: CurveId): Change => ({
  policy: provisionalPolicy(trace, heldBy(chosen, trace)),
  source: 'provisional',
  isResting: false,
});

/** Of the confidences of a large trace, worked out in a turn before it is drawn; with the trace, they are forgotten. */
const provisionals = new WeakMap<
  Float32Array,
  { readonly count: number; readonly policy: Policy }
>();

/** What is on screen until a curve has been swept. */
const provisionalPolicy = (trace: Trace, rule: Rule): Policy =>
  finished(findProvisional(trace, rule));

/** The same with pauses; once found it is known. */
export function* findProvisional(trace: Trace, rule: Rule): Generator<undefined, Policy> {
  const { count, confidence } = trace;
  const known = provisionals.get(confidence);
  if (known?.count === count && known.policy.rule === rule) return known.policy;
  const shares = new Array<number>(trace.exits.length - 1).fill(PROVISIONAL_SHARE);
  const policy = yield* policyExitByExit(trace, rule, shares);
  provisionals.set(confidence, { count, policy });
  return policy;
}

/** A policy, from whomever. */
export const withPolicy = (policy: Policy, source: PolicySource): Change => ({
  policy,
  source,
  isResting: false,
});

/** A trace, complete or so far. The first one takes the thresholds of a link. */
export function withTrace(state: Shown, given: Trace): Change {
  const incoming = underCosts(given, state.costs);
  const taken: Change = { [incoming.split]: incoming };
  const trace = traceOf({ ...state, ...taken });
  if (!trace) return taken;
  const { linked, chosen, policy, source } = state;
  if (linked && isFor(linked, trace)) {
    const rule = heldBy(chosen, trace);
    return { ...taken, linked: null, ...withPolicy({ rule, thresholds: linked }, 'link') };
  }
  const stays = policy && isFor(policy.thresholds, trace) && source !== 'provisional';
  const next = stays ? { isResting: false } : provisional(trace, chosen);
  return { ...taken, linked: null, ...next };
}

/** A trace under the costs of a scene, where they are for its exits. */
const underCosts = (trace: Trace, costs: Costs | null): Trace =>
  costs?.exits.length === trace.exits.length ? withCosts(trace, costs) : withoutCosts(trace);

/** Other costs for all traces, or their own again: thresholds stay, and curves have to be searched anew. */
export function withOtherCosts({ train, test, holdout }: Shown, costs: Costs | null): Change {
  const under = (trace: Trace | null): Trace | null => trace && underCosts(trace, costs);
  return {
    ...{ train: under(train), test: under(test), holdout: under(holdout) },
    ...{ costs, curves: {}, isResting: true },
  };
}

const isFor = (thresholds: readonly number[], trace: Trace): boolean =>
  thresholdsPerExit(thresholds, trace) !== null;

/** Why a link's thresholds are not taken by a trace, as a sentence; null where they are, or none wait. */
export function whyIgnored({ linked }: Pick<Given, 'linked'>, trace: Trace): string | null {
  const { network, exits } = trace;
  if (!linked || trace.count === 0 || isFor(linked, trace)) return null;
  return (
    `The link has ${linked.length} thresholds, but ${network} has ${exits.length} exits and needs ` +
    `${exits.length - 1}${trace.second ? `, or ${2 * exits.length - 2} for two judges` : ''}. They were ignored.`
  );
}

/** A curve, complete or so far; the first one also places the operating point. */
export function withCurve(state: Shown, curve: Curve): Change {
  const { source, chosen } = state;
  const taken: Change = { curves: { ...state.curves, [curve.id]: curve } };
  const places =
    isHeldAlike(curve.id, chosen) &&
    (source === 'provisional' || (source === 'default' && curve.id === chosen && curve.done === 1));
  return places ? { ...taken, ...withStop(curve, curve.defaultStop, 'default') } : taken;
}

/** The thresholds of one stop of a curve. */
export function withStop(
  curve: Curve | null,
  index: number,
  source: PolicySource = 'person',
): Change {
  const stop = curve?.stops[index];
  return stop ? withPolicy({ rule: curve!.rule, thresholds: stop.thresholds }, source) : {};
}

/** The stop of the curve in use whose cost, on the split on screen, is nearest. */
export function withCost(state: Shown, cost: number): Change {
  const curve = activeCurve(state);
  const { trace } = state;
  if (!curve || !trace) return {};
  const drawn = trace.split === 'test' && curve.testStops ? curve.testStops : curve.stops;
  return withStop(curve, nearestByCost(drawn, cost));
}

/** Another curve along which the operating point moves; the policy goes to its nearest stop. */
export function withChosen(state: Shown, chosen: CurveId): Change {
  const { outcome, policy } = state;
  const rest = { chosen, isResting: true } as const;
  const trace = traceOf({ ...state, chosen });
  if (!state.trace || !trace || !outcome || !policy) return { chosen };
  if (state.curves[chosen]) {
    const cost = outcome.meanFlops / state.trace.networkFlops;
    return { ...withCost({ ...state, chosen, trace }, cost), ...rest };
  }
  // Thresholds of another unit mean nothing here: begin anew until the rule's curve is there.
  const isSameScale = policy.rule === heldBy(chosen, trace) && isHeldAlike(state.chosen, chosen);
  return isSameScale ? rest : { ...provisional(trace, chosen), ...rest };
}

export const withSplit = (split: TraceSplit): Change => ({ split, isResting: true });

/** Lets `count` of the images that arrive at exit `j` leave there; the other thresholds stay. */
export function withLeavingCount(state: Shown, j: number, count: number): Change {
  return withMoved(state, j, (arriving) => thresholdForCount(arriving, count));
}

/** Lets `share` (0…1) of the images that arrive at exit `j` leave there. */
export function withLeavingShare(state: Shown, j: number, share: number): Change {
  return withMoved(state, j, (arriving) => thresholdForShare(arriving, share));
}

/** Gives exit `j` that threshold; all of its classes where they have thresholds of their own. */
export function withThresholdAt({ trace, policy }: Shown, j: number, threshold: number): Change {
  if (!trace || !policy) return {};
  const own = thresholdsOf(policy, trace, j).map(() => threshold);
  return withPolicy(withThresholds(policy, j, own), 'person');
}

/** Gives every exit that threshold. */
export function withOneThreshold({ trace, policy }: Shown, threshold: number): Change {
  if (!trace || !policy) return {};
  const thresholds = new Array<number>(trace.exits.length - 1).fill(threshold);
  return withPolicy({ rule: policy.rule, thresholds }, 'person');
}

/**
 * Moves one of the thresholds of exit `j`: to where `count` of the images that it is for leave there, or, of a judge, meet
 * it.
 */
export function withCellLeavingCount(
  { trace, outcome, policy }: Shown,
  j: number,
  which: number,
  count: number,
): Change {
  const cell = trace && policy && cellOf(policy.thresholds, trace);
  if (!outcome || !cell || cell === 'exit') return {};
  const those = arrivals(trace, outcome, j, policy.rule, { cell, which });
  const own = thresholdsOf(policy, trace, j).with(which, thresholdForCount(those, count));
  return withPolicy(withThresholds(policy, j, own), 'person');
}

/** The same judges under another rule: what they said stays, thresholds are chosen anew. */
export function withPairing(state: Shown, pairing: Pairing): Change {
  const under = (trace: Trace | null): Trace | null => trace && underPairing(trace, pairing);
  const { train, test, holdout } = state;
  const taken = { train: under(train), test: under(test), holdout: under(holdout) };
  const trace = traceOf({ ...state, ...taken });
  const rest = { ...taken, curves: {}, isResting: true };
  return trace ? { ...rest, ...provisional(trace, state.chosen) } : rest;
}

/** An exit's thresholds move together, where it has several. */
function withMoved(
  { trace, outcome, policy }: Shown,
  j: number,
  choose: (arriving: Arrivals) => number,
): Change {
  if (!trace || !outcome || !policy) return {};
  return withPolicy(policyMoved(trace, outcome, policy, j, choose), 'person');
}

/** Back to the thresholds that the curve's search chose. */
export function withDefault(state: Shown): Change {
  const curve = activeCurve(state);
  return { ...(curve && withStop(curve, curve.defaultStop, 'default')), isResting: true };
}
