/**
 * A drag: one exit's threshold moves and nothing else does. Who arrives at that exit does not depend on it, nor where an image
 * leaves that stays there; so both are found once, and a step of the drag touches only the images whose confidence lies
 * between the threshold of before and that of now. Of several thresholds an exit none is dragged this way.
 */
import { decided } from './pairing.ts';
import { cellOf, closedThreshold, withThresholds, type Policy, type Rule } from './policy.ts';
import { leavingCount } from './quantile.ts';
import { replay, summed, type Outcome, type ReplayBuffers } from './replay.ts';
import { orderAt } from './search/order.ts';
import type { Trace } from './trace.ts';

/** The images that arrive at an exit, most eager first: the r-th of each list is the same one. */
export interface Drag {
  readonly trace: Trace;
  readonly exit: number;
  readonly rule: Rule;
  readonly image: Uint32Array;
  readonly confidence: Float32Array;
  /** Exit at which it leaves when it stays here. */
  readonly beyond: Uint8Array;
  /** Whether it is labelled right here, and there: 0 or 1. */
  readonly isRightHere: Uint8Array;
  readonly isRightBeyond: Uint8Array;
  /** Of the drag's buffers: as it is with the first `leaving` of them leaving here. */
  readonly outcome: Outcome;
  leaving: number;
}

/**
 * Begins a drag of exit `j`: O(N·M) once, as a replay is. The buffers' outcome is that of the policy with the exit closed
 * until `dragTo` is called.
 * @returns null at the last exit, for policies with several thresholds an exit, and where an image leaves at a closed one,
 *   because its confidence is infinite: replay each step then.
 */
export function beginDrag(
  of: Trace,
  policy: Policy,
  j: number,
  buffers: ReplayBuffers,
): Drag | null {
  const trace = decided(of);
  const { rule } = policy;
  if (cellOf(policy.thresholds, trace) !== 'exit' || j >= trace.exits.length - 1) return null;
  const outcome = replay(trace, withThresholds(policy, j, [closedThreshold(rule)]), buffers);
  if (outcome.leaving[j]! > 0) return null;
  const { count, label, prediction, confidence } = trace;
  const { exitOf } = outcome;
  const eager = orderAt(trace, rule, j);
  const image = eager.filter((i) => exitOf[i]! > j);
  const isRightAt = (i: number, exit: number): number =>
    prediction[exit * count + i] === label[i] ? 1 : 0;
  const arriving = image.length;
  const drag = {
    ...{ trace, exit: j, rule, image, outcome, leaving: 0 },
    confidence: new Float32Array(arriving),
    beyond: new Uint8Array(arriving),
    isRightHere: new Uint8Array(arriving),
    isRightBeyond: new Uint8Array(arriving),
  };
  for (let r = 0; r < arriving; r++) {
    const i = image[r]!;
    drag.confidence[r] = confidence[j * count + i]!;
    drag.beyond[r] = exitOf[i]!;
    drag.isRightHere[r] = isRightAt(i, j);
    drag.isRightBeyond[r] = isRightAt(i, exitOf[i]!);
  }
  return drag;
}

/** Moves the threshold: the outcome is that of a whole replay, bit for bit. O(images between the two thresholds + M). */
export function dragTo(drag: Drag, threshold: number): Outcome {
  const { exit, image, beyond, isRightHere, isRightBeyond, outcome } = drag;
  const { exitOf, leaving, right } = outcome;
  const leavingNow = leavingCount(drag, threshold);
  const isMore = leavingNow > drag.leaving;
  const [from, to] = isMore ? [drag.leaving, leavingNow] : [leavingNow, drag.leaving];
  const step = isMore ? 1 : -1;
  for (let r = from; r < to; r++) {
    const other = beyond[r]!;
    exitOf[image[r]!] = isMore ? exit : other;
    leaving[exit]! += step;
    leaving[other]! -= step;
    right[exit]! += step * isRightHere[r]!;
    right[other]! -= step * isRightBeyond[r]!;
  }
  drag.leaving = leavingNow;
  return summed(drag.trace, outcome);
}

/** Which exit's threshold is the only one that differs between two policies of one rule; null where that is not so. */
export function onlyMoved(before: Policy, after: Policy): number | null {
  const { thresholds } = after;
  if (before.rule !== after.rule || before.thresholds.length !== thresholds.length) return null;
  const isOther = (threshold: number, j: number): boolean => threshold !== before.thresholds[j];
  const first = thresholds.findIndex(isOther);
  return first >= 0 && first === thresholds.findLastIndex(isOther) ? first : null;
}
