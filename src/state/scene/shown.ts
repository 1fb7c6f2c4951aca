/** What a scene shows: its traces, the policy over them and the outcome. Every action is one change of the store. */
import type { StoreApi } from 'zustand';
import type { Costs } from '../../core/costs.ts';
import type { Pairing } from '../../core/pairing.ts';
import type { Policy } from '../../core/policy.ts';
import { thresholdInOrder } from '../../core/quantile.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import { notify } from '../notices.ts';
import {
  findProvisional,
  whyIgnored,
  withChosen,
  withCost,
  withCurve,
  withDefault,
  withCellLeavingCount,
  withLeavingCount,
  withLeavingShare,
  withOneThreshold,
  withOtherCosts,
  withPairing,
  withPolicy,
  withSplit,
  withStop,
  withThresholdAt,
  withTrace,
  type Change,
} from './changes.ts';
import { drawing, type Curve, type CurveId } from './curve.ts';
import {
  activeCurve,
  derive,
  heldBy,
  nothing,
  preparedFor,
  traceOf,
  type PolicySource,
  type Shown,
} from './derive.ts';
import type { Replayer } from './replayer.ts';
import { inSlices, nextTurn } from './turn.ts';

/** The part of a scene that these actions change; it replays policies with memory of its own. */
export interface ShowsTraces extends Replayer {
  readonly shown: StoreApi<Shown>;
}

function update({ shown, outcomeOf }: ShowsTraces, change: Change): void {
  shown.setState(derive(shown.getState(), change, outcomeOf), true);
}

const stateOf = ({ shown }: ShowsTraces): Shown => shown.getState();

/** Works out what a trace is first shown with, in turns before it is taken. */
export async function prepareTrace(
  scene: ShowsTraces,
  incoming: Trace,
  signal: AbortSignal,
): Promise<void> {
  const { chosen } = stateOf(scene);
  const trace = preparedFor(chosen, incoming);
  const policy = await inSlices(findProvisional(trace, heldBy(chosen, trace)), signal);
  if (policy) await inSlices(scene.outcomeAhead(trace, policy), signal);
  await nextTurn();
}

/** Replays on test, in turns before it is taken, the policies of a curve and the one that it puts on screen. */
export async function prepareCurve(
  scene: ShowsTraces,
  curve: Curve,
  signal: AbortSignal,
): Promise<void> {
  const { test } = stateOf(scene);
  if (test) await inSlices(drawing(curve, preparedFor(curve.id, test)), signal);
  // Meanwhile there may be traces of another run, with other exits.
  if (signal.aborted) return;
  const { trace } = stateOf(scene);
  const { policy } = withCurve(stateOf(scene), curve);
  if (trace && policy) await inSlices(scene.outcomeAhead(trace, policy), signal);
}

/** Takes a trace, complete or so far. */
export function acceptTrace(scene: ShowsTraces, incoming: Trace): void {
  const before = stateOf(scene);
  const trace = traceOf({ ...before, [incoming.split]: incoming });
  const note = trace && whyIgnored(before, trace);
  update(scene, withTrace(before, incoming));
  if (note) notify('note', note);
}

/** Takes a curve, complete or so far. */
export const acceptCurve = (scene: ShowsTraces, curve: Curve): void =>
  update(scene, withCurve(stateOf(scene), curve));

/** Forgets traces, curves and policy: another dataset, network or method. Thresholds of a link are for what comes. */
export const clearTraces = (scene: ShowsTraces): void => update(scene, nothing);

/** Counts costs in another unit, or in FLOPs again. */
export const setCosts = (scene: ShowsTraces, costs: Costs | null): void =>
  update(scene, withOtherCosts(stateOf(scene), costs));

/** Thresholds that came with a link; they are used by the first trace with as many exits. */
export const offerThresholds = (scene: ShowsTraces, linked: readonly number[] | null): void =>
  update(scene, { linked });

/** Puts a policy on screen. */
export const apply = (scene: ShowsTraces, policy: Policy, source: PolicySource): void =>
  update(scene, withPolicy(policy, source));

/** The policy stands still: its outcome on the tuning trace is wanted. */
export const measureTuning = (scene: ShowsTraces): void => update(scene, { isResting: true });

export const chooseCurve = (scene: ShowsTraces, id: CurveId): void =>
  update(scene, withChosen(stateOf(scene), id));

export const showSplit = (scene: ShowsTraces, split: TraceSplit): void =>
  update(scene, withSplit(split));

/** Lets `count` of the images that arrive at exit `j` leave there; the other thresholds stay. */
export function setLeavingCount(scene: ShowsTraces, j: number, count: number): void {
  const state = stateOf(scene);
  const { trace, policy } = state;
  const dragged = trace && policy && scene.draggedAt(trace, policy, j);
  update(
    scene,
    dragged
      ? withThresholdAt(state, j, thresholdInOrder(dragged, count))
      : withLeavingCount(state, j, count),
  );
}

/** Lets `share` (0…1) of the images that arrive at exit `j` leave there. */
export const setLeavingShare = (scene: ShowsTraces, j: number, share: number): void =>
  update(scene, withLeavingShare(stateOf(scene), j, share));

/** The same for one of the exit's thresholds, where it has several: those of classes, of labels, or of judges. */
export const setCellLeavingCount = (
  scene: ShowsTraces,
  j: number,
  which: number,
  count: number,
): void => update(scene, withCellLeavingCount(stateOf(scene), j, which, count));

/** Lets the two judges go together by another rule. */
export const setPairing = (scene: ShowsTraces, pairing: Pairing): void =>
  update(scene, withPairing(stateOf(scene), pairing));

/** Gives exit `j` a threshold by its value. */
export const setThreshold = (scene: ShowsTraces, j: number, threshold: number): void =>
  update(scene, withThresholdAt(stateOf(scene), j, threshold));

/** Gives all exits one threshold by its value. */
export const setOneThreshold = (scene: ShowsTraces, threshold: number): void =>
  update(scene, withOneThreshold(stateOf(scene), threshold));

/** Takes the thresholds of one stop of the curve on which the operating point stands. */
export const setPolicyFromStop = (
  scene: ShowsTraces,
  index: number,
  source: PolicySource = 'person',
): void => update(scene, withStop(activeCurve(stateOf(scene)), index, source));

/** Moves the policy along the curve to the stop whose cost, on the split on screen, is nearest. */
export const dragTo = (scene: ShowsTraces, cost: number): void =>
  update(scene, withCost(stateOf(scene), cost));

/** Back to the thresholds that the curve's search chose. */
export const resetPolicy = (scene: ShowsTraces): void => update(scene, withDefault(stateOf(scene)));
