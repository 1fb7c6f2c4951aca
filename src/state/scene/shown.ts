/** The trace on screen, the policy over it and the outcome: everything that a drag changes. */
import { create } from 'zustand';
import { withThreshold, type Policy, type Rule } from '../../core/policy.ts';
import {
  arrivals,
  policyForShares,
  thresholdForCount,
  thresholdForShare,
} from '../../core/quantile.ts';
import { replay, replayBuffers, type Outcome, type ReplayBuffers } from '../../core/replay.ts';
import { nearestByCost } from '../../core/search/frontier.ts';
import { ONE_PARAMETER_RULES } from '../../core/search/rules.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import { ruleOf } from '../../methods/registry.ts';
import { drawOn, type Curve, type CurveId } from './curve.ts';
import { notify } from '../notices.ts';

/** Who set the thresholds: nobody yet, a curve's default, a person, a shared link, or a target. */
export type PolicySource = 'provisional' | 'default' | 'person' | 'link' | 'target' | 'certified';

/** Share of the arriving images that every exit lets go until a curve has been swept. */
const PROVISIONAL_SHARE = 0.15;

export interface ExploreState {
  /** As the method gave them. */
  readonly train: Trace | null;
  readonly test: Trace | null;
  /** Training images that made no mean; null when none were kept back. */
  readonly holdout: Trace | null;
  /** The split that a person asked to see; the other one is shown while this one is empty. */
  readonly split: TraceSplit;
  /** The trace on screen: what the chosen rule makes of the split's trace. */
  readonly trace: Trace | null;
  readonly policy: Policy | null;
  readonly source: PolicySource;
  /** Of `policy` on `trace`. Its arrays are overwritten by the next outcome; its identity tells them apart. */
  readonly outcome: Outcome | null;
  /** What `policy` gives on the tuning trace, for the gap between the splits. */
  readonly tuningOutcome: { readonly accuracy: number; readonly cost: number } | null;
  /** The curve along which the operating point moves. */
  readonly chosen: CurveId;
  readonly curves: Readonly<Partial<Record<CurveId, Curve>>>;
}

const nothing = {
  train: null,
  test: null,
  holdout: null,
  trace: null,
  policy: null,
  source: 'provisional',
  outcome: null,
  tuningOutcome: null,
  curves: {},
} as const;

export const useExplore = create<ExploreState>(() => ({
  ...nothing,
  split: 'test',
  chosen: 'frontier',
}));

const { getState: get, setState: set } = useExplore;

let buffers: { trace: Trace; of: ReplayBuffers } | null = null;
/** Thresholds of a shared link, waiting for the first trace that they fit. */
let linked: readonly number[] | null = null;

/** The curve on which the operating point stands: the chosen one, or the sweep until that has begun. */
export function activeCurve({
  curves,
  chosen,
}: Pick<ExploreState, 'curves' | 'chosen'>): Curve | null {
  return curves[chosen] ?? curves.sweep ?? null;
}

function parameterRule(id: CurveId) {
  return ONE_PARAMETER_RULES.find((rule) => rule.id === id);
}

/** How a curve's rule holds a method's confidences against thresholds. */
export function heldBy(id: CurveId, method: string): Rule {
  const own = ruleOf(method);
  return parameterRule(id)?.rule(own) ?? own;
}

const preparedTraces = new WeakMap<Trace, Map<CurveId, Trace>>();

/** A trace as a curve's rule sees it: patience looks at repetitions, the others at the method's confidences. */
function preparedFor(id: CurveId, trace: Trace): Trace {
  const rule = parameterRule(id);
  if (!rule) return trace;
  const known = preparedTraces.get(trace) ?? new Map<CurveId, Trace>();
  preparedTraces.set(trace, known);
  const prepared = known.get(id) ?? rule.prepare(trace);
  known.set(id, prepared);
  return prepared;
}

function outcomeOf(trace: Trace, policy: Policy): Outcome {
  if (buffers?.trace !== trace)
    buffers = { trace, of: replayBuffers(trace.count, trace.exits.length) };
  return { ...replay(trace, policy, buffers.of) };
}

function shown(state: Pick<ExploreState, TraceSplit | 'split' | 'chosen'>): Trace | null {
  const { test, train, split, chosen } = state;
  const wanted = [state[split], test, train].find((trace) => trace && trace.count > 0);
  return wanted ? preparedFor(chosen, wanted) : null;
}

/** The complete trace that thresholds are chosen on: the held-out images where some were kept, else the training images. */
export function tuningTrace({
  train,
  holdout,
}: Pick<ExploreState, 'train' | 'holdout'>): Trace | null {
  const trace = holdout ?? train;
  return trace && trace.count === trace.total ? trace : null;
}

/** Puts a policy on screen. */
export function apply(policy: Policy, source: PolicySource): void {
  const { trace } = get();
  if (!trace) return;
  set({ policy, source, outcome: outcomeOf(trace, policy), tuningOutcome: null });
}

/** Computes the policy's outcome on the tuning trace: for rest, not for every frame of a drag. */
export function measureTuning(): void {
  const { policy, chosen } = get();
  const trace = tuningTrace(get());
  if (!trace || !policy) return;
  const tuning = preparedFor(chosen, trace);
  const { accuracy, meanFlops } = replay(tuning, policy);
  set({ tuningOutcome: { accuracy, cost: meanFlops / tuning.networkFlops } });
}

/** Forgets traces, curves and policy: another dataset, network or method. */
export function clearTraces(): void {
  buffers = null;
  set(nothing);
}

/** Thresholds that no trace has taken yet. */
export function offeredThresholds(): readonly number[] | null {
  return linked;
}

/** Thresholds that came with a link; they are used by the first trace with as many exits. */
export function offerThresholds(thresholds: readonly number[] | null): void {
  linked = thresholds;
}

/** Takes a trace, complete or so far, and redoes what depends on it. */
export function acceptTrace(incoming: Trace): void {
  set({ [incoming.split]: incoming });
  const trace = shown(get());
  set({ trace });
  if (!trace || trace.count === 0) return;
  const last = trace.exits.length - 1;
  let { policy, source } = get();
  if (linked?.length === last) {
    policy = { rule: heldBy(get().chosen, trace.method), thresholds: linked };
    source = 'link';
  } else if (linked) {
    notify(
      'note',
      `The link has ${linked.length} thresholds, but ${trace.network} has ${last + 1} exits and needs ${last}. ` +
        'They were ignored.',
    );
  }
  linked = null;
  if (!policy || policy.thresholds.length !== last || source === 'provisional') {
    policy = policyForShares(
      trace,
      heldBy(get().chosen, trace.method),
      new Array<number>(last).fill(PROVISIONAL_SHARE),
    );
    source = 'provisional';
  }
  apply(policy, source);
  if (incoming.split === 'test') redrawCurves();
}

function redrawCurves(): void {
  const { curves, test } = get();
  if (!test) return;
  const drawn = Object.values(curves).map(
    (curve) => [curve.id, drawOn(curve, preparedFor(curve.id, test))] as const,
  );
  set({ curves: Object.fromEntries(drawn) });
}

/** Takes a curve, complete or so far; the first one also places the operating point. */
export function acceptCurve(curve: Curve): void {
  const { test, source, chosen } = get();
  const drawn = test ? drawOn(curve, preparedFor(curve.id, test)) : curve;
  set({ curves: { ...get().curves, [curve.id]: drawn } });
  const places =
    source === 'provisional' || (source === 'default' && curve.id === chosen && curve.done === 1);
  if (places) setPolicyFromStop(curve.defaultStop, 'default', drawn);
}

/** Chooses the curve along which the operating point moves; the policy goes to its nearest stop. */
export function chooseCurve(id: CurveId): void {
  const { outcome, trace, policy } = get();
  set({ chosen: id });
  const prepared = shown(get());
  set({ trace: prepared });
  if (!trace || !prepared || !outcome || !policy) return;
  if (get().curves[id]) {
    dragTo(outcome.meanFlops / trace.networkFlops);
  } else if (policy.rule !== heldBy(id, trace.method)) {
    // Thresholds of another unit mean nothing here: begin anew until the rule's curve is there.
    const shares = new Array<number>(policy.thresholds.length).fill(PROVISIONAL_SHARE);
    apply(policyForShares(prepared, heldBy(id, trace.method), shares), 'provisional');
  } else {
    apply(policy, get().source);
  }
  measureTuning();
}

/** Shows the other split. */
export function showSplit(split: TraceSplit): void {
  set({ split });
  const { policy, source } = get();
  const trace = shown(get());
  set({ trace });
  if (trace && policy) apply(policy, source);
  measureTuning();
}

/** Lets `count` of the images that arrive at exit `j` leave there; the other thresholds stay. */
export function setLeavingCount(j: number, count: number): void {
  moveThreshold(j, (arriving) => thresholdForCount(arriving, count));
}

/** Lets `share` (0…1) of the images that arrive at exit `j` leave there. */
export function setLeavingShare(j: number, share: number): void {
  moveThreshold(j, (arriving) => thresholdForShare(arriving, share));
}

function moveThreshold(j: number, choose: (arriving: ReturnType<typeof arrivals>) => number): void {
  const { trace, outcome, policy } = get();
  if (!trace || !outcome || !policy) return;
  apply(withThreshold(policy, j, choose(arrivals(trace, outcome, j, policy.rule))), 'person');
}

/** Takes the thresholds of one stop of the curve on which the operating point stands. */
export function setPolicyFromStop(
  index: number,
  source: PolicySource = 'person',
  curve: Curve | null = activeCurve(get()),
): void {
  const stop = curve?.stops[index];
  if (stop) apply({ rule: curve!.rule, thresholds: stop.thresholds }, source);
}

/** Moves the policy along the curve to the stop whose cost, on the split on screen, is nearest. */
export function dragTo(cost: number): void {
  const curve = activeCurve(get());
  const { trace } = get();
  if (!curve || !trace) return;
  const drawn = trace.split === 'test' && curve.testStops ? curve.testStops : curve.stops;
  setPolicyFromStop(nearestByCost(drawn, cost));
}

/** Back to the thresholds that the curve's search chose. */
export function resetPolicy(): void {
  const curve = activeCurve(get());
  if (curve) setPolicyFromStop(curve.defaultStop, 'default');
  measureTuning();
}
