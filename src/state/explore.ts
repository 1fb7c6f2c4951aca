/** The trace on screen, the policy over it and the outcome: everything that a drag changes. */
import { create } from 'zustand';
import type { SplitName } from '../core/dataset.ts';
import { withThreshold, type Policy } from '../core/policy.ts';
import {
  arrivals,
  policyForShares,
  thresholdForCount,
  thresholdForShare,
} from '../core/quantile.ts';
import { replay, replayBuffers, type Outcome, type ReplayBuffers } from '../core/replay.ts';
import { nearestByCost } from '../core/search/frontier.ts';
import { lookup } from '../core/search/lookup.ts';
import { paperSearcher } from '../core/search/paper.ts';
import type { Trace } from '../core/trace.ts';
import { drawOn, sweepCurve, type Curve } from './curve.ts';

/** Who set the thresholds: nobody yet, the sweep's default, a person, a shared link, or the paper's search. */
export type PolicySource = 'provisional' | 'default' | 'person' | 'link' | 'search';

/** Share of the arriving images that every exit lets go until a curve has been swept. */
const PROVISIONAL_SHARE = 0.15;

export interface ExploreState {
  readonly train: Trace | null;
  readonly test: Trace | null;
  /** The split that a person asked to see; the other one is shown while this one is empty. */
  readonly split: SplitName;
  /** The trace on screen. */
  readonly trace: Trace | null;
  readonly policy: Policy | null;
  readonly source: PolicySource;
  /** Of `policy` on `trace`. Its arrays are overwritten by the next outcome; its identity tells them apart. */
  readonly outcome: Outcome | null;
  /** Accuracy of `policy` on the training trace, for the gap between the splits. */
  readonly trainOutcome: { readonly accuracy: number; readonly cost: number } | null;
  readonly curve: Curve | null;
  /** What the last target search said when it could not reach its target. */
  readonly searchAnswer: string | null;
}

export const useExplore = create<ExploreState>(() => ({
  train: null,
  test: null,
  split: 'test',
  trace: null,
  policy: null,
  source: 'provisional',
  outcome: null,
  trainOutcome: null,
  curve: null,
  searchAnswer: null,
}));

const { getState: get, setState: set } = useExplore;

let buffers: { trace: Trace; of: ReplayBuffers } | null = null;
/** Thresholds of a shared link, waiting for the first trace that they fit. */
let linked: readonly number[] | null = null;
/** Counts sweeps, so that only the latest one lands. */
let sweeps = 0;

function outcomeOf(trace: Trace, policy: Policy): Outcome {
  if (buffers?.trace !== trace)
    buffers = { trace, of: replayBuffers(trace.count, trace.exits.length) };
  return { ...replay(trace, policy, buffers.of) };
}

function shown(split: SplitName, train: Trace | null, test: Trace | null): Trace | null {
  const [first, second] = split === 'test' ? [test, train] : [train, test];
  return first && first.count > 0 ? first : second;
}

/** Puts a policy on screen: outcome, gap and all. */
function apply(policy: Policy, source: PolicySource): void {
  const { trace } = get();
  if (!trace) return;
  set({ policy, source, outcome: outcomeOf(trace, policy), trainOutcome: null });
}

/** Computes the policy's outcome on the training trace: for rest, not for every frame of a drag. */
export function measureTrainGap(): void {
  const { train, policy } = get();
  if (!train || !policy || train.count < train.total) return;
  const { accuracy, meanFlops } = replay(train, policy);
  set({ trainOutcome: { accuracy, cost: meanFlops / train.networkFlops } });
}

/** Forgets traces, curve and policy: another dataset, network or method. */
export function clearTraces(): void {
  sweeps++;
  buffers = null;
  set({
    train: null,
    test: null,
    trace: null,
    policy: null,
    source: 'provisional',
    outcome: null,
    trainOutcome: null,
    curve: null,
    searchAnswer: null,
  });
}

/** Thresholds that came with a link; they are used by the first trace with as many exits. */
export function offerThresholds(thresholds: readonly number[] | null): void {
  linked = thresholds;
}

/** Takes a trace, complete or so far, and redoes what depends on it. */
export function acceptTrace(incoming: Trace): void {
  const train = incoming.split === 'train' ? incoming : get().train;
  const test = incoming.split === 'test' ? incoming : get().test;
  const trace = shown(get().split, train, test);
  set({ train, test, trace });
  if (!trace || trace.count === 0) return;
  const last = trace.exits.length - 1;
  let { policy, source } = get();
  if (linked && linked.length === last) {
    policy = { rule: 'above', thresholds: linked };
    source = 'link';
    linked = null;
  }
  if (!policy || policy.thresholds.length !== last || source === 'provisional') {
    policy = policyForShares(trace, 'above', new Array<number>(last).fill(PROVISIONAL_SHARE));
    source = 'provisional';
  }
  apply(policy, source);
  const { curve } = get();
  if (incoming.split === 'test' && curve) set({ curve: drawOn(curve, incoming) });
  if (incoming.split === 'train' && incoming.count === incoming.total) void sweepTrain(incoming);
}

/** Sweeps the training trace in slices between frames; the curve is then drawn on test. */
async function sweepTrain(train: Trace): Promise<void> {
  const mine = ++sweeps;
  const stale = (): boolean => mine !== sweeps;
  const curve = await sweepCurve(train, 'above', stale);
  if (!curve || stale()) return;
  const { test, source } = get();
  set({ curve: test ? drawOn(curve, test) : curve });
  if (source === 'provisional') setPolicyFromStop(curve.defaultStop, 'default');
  measureTrainGap();
}

/** Shows the other split. */
export function showSplit(split: SplitName): void {
  const { train, test, policy, source } = get();
  const trace = shown(split, train, test);
  set({ split, trace });
  if (trace && policy) apply(policy, source);
}

/** Lets `count` of the images that arrive at exit `j` leave there; the other thresholds stay. */
export function setLeavingCount(j: number, count: number): void {
  const { trace, outcome, policy } = get();
  if (!trace || !outcome || !policy) return;
  const arriving = arrivals(trace, outcome, j, policy.rule);
  apply(withThreshold(policy, j, thresholdForCount(arriving, count)), 'person');
}

/** Lets `share` (0…1) of the images that arrive at exit `j` leave there. */
export function setLeavingShare(j: number, share: number): void {
  const { trace, outcome, policy } = get();
  if (!trace || !outcome || !policy) return;
  const arriving = arrivals(trace, outcome, j, policy.rule);
  apply(withThreshold(policy, j, thresholdForShare(arriving, share)), 'person');
}

/** Sets T of exit `j` itself. */
export function setThreshold(j: number, threshold: number): void {
  const { policy } = get();
  if (policy) apply(withThreshold(policy, j, threshold), 'person');
}

/** Takes the thresholds of one stop of the curve. */
export function setPolicyFromStop(index: number, source: PolicySource = 'person'): void {
  const { curve, policy } = get();
  const stop = curve?.stops[index];
  if (stop && policy) apply({ rule: policy.rule, thresholds: stop.thresholds }, source);
}

/** Moves the policy along the curve to the stop whose cost, on the split on screen, is nearest. */
export function dragTo(cost: number): void {
  const { curve, trace } = get();
  if (!curve || !trace) return;
  const drawn = trace.split === 'test' && curve.testStops ? curve.testStops : curve.stops;
  setPolicyFromStop(nearestByCost(drawn, cost));
}

/** Back to the thresholds that the sweep chose. */
export function resetPolicy(): void {
  const { curve } = get();
  if (curve) setPolicyFromStop(curve.defaultStop, 'default');
  measureTrainGap();
}

/** The paper's search (§4.1) for one target on the training trace; its thresholds go on screen when it succeeds. */
export function searchTarget(target: number, seed: number): void {
  const { train, policy } = get();
  if (!train || !policy) return;
  if (train.count < train.total) {
    set({
      searchAnswer:
        'The search runs on the training trace, which is not complete. Run it to the end first.',
    });
    return;
  }
  const found = paperSearcher(lookup(train, policy.rule))({ target, seed });
  set({ searchAnswer: found.reached ? null : found.reason });
  if (found.reached) {
    apply({ rule: policy.rule, thresholds: found.thresholds }, 'search');
    measureTrainGap();
  }
}
