/** replay(trace, policy) → outcome: who leaves where, what it costs and how often it is right. */
import { isLet as isLetGo, pairLeaving, saidOf } from './leaving.ts';
import { decided } from './pairing.ts';
import { finished } from './pauses.ts';
import { cellOf, perExit, sense, strictly, type Policy } from './policy.ts';
import type { Trace } from './trace.ts';

export interface Outcome {
  /** Exit at which image i leaves. */
  readonly exitOf: Uint8Array;
  /** Share of images labelled right where they leave. */
  accuracy: number;
  /** Mean FLOPs an image. */
  meanFlops: number;
  /** Number of images that leave at exit j. */
  readonly leaving: Uint32Array;
  /** How many of those are labelled right. */
  readonly right: Uint32Array;
}

/** Buffers for a replay, to be used again at the next drag instead of allocated. */
export interface ReplayBuffers {
  readonly outcome: Outcome;
  /** Images still driving, compacted at each exit. */
  readonly driving: Uint32Array;
}

export function replayBuffers(count: number, exits: number): ReplayBuffers {
  return {
    outcome: {
      exitOf: new Uint8Array(count),
      accuracy: 0,
      meanFlops: 0,
      leaving: new Uint32Array(exits),
      right: new Uint32Array(exits),
    },
    driving: new Uint32Array(count),
  };
}

/**
 * Sends every image of a trace through a policy.
 *
 * Goes exit by exit over the images still driving, so each confidence is read at most once and in memory
 * order: O(images that arrive), one pass.
 *
 * @param buffers from `replayBuffers`; the returned outcome is theirs and is overwritten by the next call.
 */
export const replay = (of: Trace, policy: Policy, buffers?: ReplayBuffers): Outcome =>
  finished(replaying(of, policy, buffers));

/** The same with a pause after each exit. */
export function* replaying(
  of: Trace,
  policy: Policy,
  buffers?: ReplayBuffers,
): Generator<undefined, Outcome> {
  const trace = decided(of);
  const { count, exits, classes } = trace;
  const last = exits.length - 1;
  const cell = cellOf(policy.thresholds, trace);
  if (cell === null)
    throw new Error(
      `The policy has ${policy.thresholds.length} thresholds; a trace with ${exits.length} exits needs ${last}, ` +
        `or ${last * classes.length} for ${classes.length} classes` +
        `${trace.second ? `, or ${2 * last} for two judges` : ''}.`,
    );
  const isPair = cell === 'label' || cell === 'judge';
  const bounds = new Float64Array(classes.length);
  const all = buffers ?? replayBuffers(count, exits.length);
  for (let i = 0; i < count; i++) all.driving[i] = i;
  let arriving = count;
  for (let j = 0; j <= last; j++) {
    const pair = isPair && j < last ? pairLeaving(trace, policy, cell, j) : null;
    const per = pair ? 1 : perExit(cell, trace);
    const held = { pair, bounds, ...boundsAt(policy, j, per, bounds) };
    arriving = drivePast(trace, j, held, arriving, all);
    yield;
  }
  return summed(trace, all.outcome);
}

/** What decides at an exit: two judges, or one bound, or one of each predicted class. */
interface Held {
  readonly pair: ((image: number) => boolean) | null;
  readonly sign: 1 | -1;
  readonly bound: number;
  readonly isSame: boolean;
  readonly bounds: Float64Array;
}

/** Lets the images that arrive at exit j leave there or drive on. @returns how many drive on. */
function drivePast(
  { count, label, prediction, confidence }: Trace,
  j: number,
  { pair, sign, bound, isSame, bounds }: Held,
  arriving: number,
  { outcome, driving }: ReplayBuffers,
): number {
  const { exitOf, leaving, right } = outcome;
  const from = j * count;
  let stay = 0;
  let rightHere = 0;
  const leave = (i: number): void => {
    exitOf[i] = j;
    if (prediction[from + i] === label[i]) rightHere++;
  };
  const sure = confidence.subarray(from, from + count);
  const said = prediction.subarray(from, from + count);
  // A loop for each way of deciding, as what is the same for all images need not be asked of each; and those before the
  // first that leaves drive on where they stand.
  if (pair)
    for (let a = 0; a < arriving; a++) {
      const i = driving[a]!;
      if (pair(i)) leave(i);
      else driving[stay++] = i;
    }
  else if (isSame) {
    while (stay < arriving && !(sign * sure[driving[stay]!]! > bound)) stay++;
    for (let a = stay; a < arriving; a++) {
      const i = driving[a]!;
      if (sign * sure[i]! > bound) leave(i);
      else driving[stay++] = i;
    }
  } else {
    for (; stay < arriving; stay++) {
      const i = driving[stay]!;
      if (sign * sure[i]! > bounds[said[i]!]!) break;
    }
    for (let a = stay; a < arriving; a++) {
      const i = driving[a]!;
      if (sign * sure[i]! > bounds[said[i]!]!) leave(i);
      else driving[stay++] = i;
    }
  }
  leaving[j] = arriving - stay;
  right[j] = rightHere;
  return stay;
}

/** Gives an outcome the accuracy and the cost that follow from who leaves at each exit. */
export function summed({ count, exits }: Trace, outcome: Outcome): Outcome {
  let right = 0;
  let flops = 0;
  for (let j = 0; j < exits.length; j++) {
    right += outcome.right[j]!;
    flops += outcome.leaving[j]! * exits[j]!.flops;
  }
  outcome.accuracy = count === 0 ? 0 : right / count;
  outcome.meanFlops = count === 0 ? 0 : flops / count;
  return outcome;
}

/**
 * What confidences of exit j are held against: one bound, or those of each predicted class in `bounds`. At the last exit
 * everybody leaves: no confidence is at or below −∞, nor is NaN let through by checkTrace.
 */
function boundsAt(
  { rule, thresholds }: Policy,
  j: number,
  per: number,
  bounds: Float64Array,
): { sign: 1 | -1; bound: number; isSame: boolean } {
  if (j * per >= thresholds.length) return { sign: 1, bound: -Infinity, isSame: true };
  if (per === 1) return { ...strictly(rule, thresholds[j]!), isSame: true };
  for (let c = 0; c < per; c++) bounds[c] = strictly(rule, thresholds[j * per + c]!).bound;
  return { sign: sense(rule).sign, bound: 0, isSame: false };
}

/** Where one image leaves: the first exit whose rule lets it go, else the last. */
export function exitOfImage(trace: Trace, policy: Policy, image: number): number {
  const last = trace.exits.length - 1;
  for (let j = 0; j < last; j++) if (isLetGo(policy, trace, j, saidOf(trace, j, image))) return j;
  return last;
}
