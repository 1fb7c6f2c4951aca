/**
 * The room that is left to a policy: what images would give that left at the first exit which is right, and what the ones
 * that went on have lost or won by it. Overthinking is Kaya et al.'s word (2019, "Shallow-deep networks"): wasteful where
 * the label was right already, destructive where it was right and is not any more.
 */
import { finished } from './pauses.ts';
import type { Outcome } from './replay.ts';
import { accuracyAt, type Trace } from './trace.ts';

/** What a rule that knows more than confidences would reach. */
export interface Ideal {
  /** Mean FLOPs an image, relative to the plain network. */
  readonly cost: number;
  readonly accuracy: number;
}

/** Both rules that know more. */
export interface Ideals {
  readonly first: Ideal;
  readonly stable: Ideal;
}

/** Every image leaves at the first exit that labels it right, at the last one where none does. */
export const firstRight = (trace: Trace): Ideal => finished(goingFirstRight(trace));

/** Every image leaves once its label does not change any more: needs no true labels, and is as right as the last exit. */
export const labelStable = (trace: Trace): Ideal => finished(goingLabelStable(trace));

/** Both, with a pause after each exit: the images still driving go past it in the order of memory. */
export function* ideals(trace: Trace): Generator<undefined, Ideals> {
  return { first: yield* goingFirstRight(trace), stable: yield* goingLabelStable(trace) };
}

function* goingFirstRight({
  count,
  exits,
  label,
  prediction,
  networkFlops,
}: Trace): Generator<undefined, Ideal> {
  const last = exits.length - 1;
  const driving = everyone(count);
  let arriving = count;
  let flops = 0;
  for (let j = 0; j < exits.length; j++) {
    const on = keep(false, driving, arriving, prediction, j * count, label, 0);
    flops += (j < last ? arriving - on : arriving) * exits[j]!.flops;
    arriving = on;
    yield;
  }
  const n = Math.max(1, count);
  return { cost: flops / n / networkFlops, accuracy: (count - arriving) / n };
}

type Labels = Trace['prediction'];

/**
 * Keeps of the first `n` images those whose labels in `one`, from a place on, are those in `other` from another place on,
 * or are not. A function without pauses: the compiler makes more of it.
 * @returns how many they are.
 */
function keep(
  isSame: boolean,
  images: Uint32Array,
  n: number,
  one: Labels,
  from: number,
  other: Labels,
  otherFrom: number,
): number {
  let kept = 0;
  for (let at = 0; at < n; at++) {
    const i = images[at]!;
    if ((one[from + i] === other[otherFrom + i]) === isSame) images[kept++] = i;
  }
  return kept;
}

/** The places of all images. */
function everyone(count: number): Uint32Array {
  const images = new Uint32Array(count);
  for (let i = 0; i < count; i++) images[i] = i;
  return images;
}

/** From the last exit to the first: who had another label at the exit before leaves here. */
function* goingLabelStable(trace: Trace): Generator<undefined, Ideal> {
  const { count, exits, prediction, networkFlops } = trace;
  const last = exits.length - 1;
  const stable = everyone(count);
  let left = count;
  let flops = 0;
  for (let j = last; j >= 0; j--) {
    const on =
      j > 0 ? keep(true, stable, left, prediction, (j - 1) * count, prediction, last * count) : 0;
    flops += (left - on) * exits[j]!.flops;
    left = on;
    yield;
  }
  return { cost: flops / Math.max(1, count) / networkFlops, accuracy: accuracyAt(trace, last) };
}

const isRight = ({ count, label, prediction }: Trace, exit: number, image: number): boolean =>
  prediction[exit * count + image] === label[image];

/**
 * What leaving where it does means for an image.
 * - `lost`: wrong where it leaves, and the last exit would be right.
 * - `won`: right where it leaves, and the last exit would be wrong.
 * - `overthought`: an exit before was right, and it is wrong where it leaves.
 * - `wasted`: an exit before was right, and so is the one where it leaves.
 */
export type Turn = 'lost' | 'won' | 'overthought' | 'wasted';
export const turns: readonly Turn[] = ['lost', 'won', 'overthought', 'wasted'];

/** Whether an image took a turn; it may have taken several, or none. */
export function tookTurn(trace: Trace, outcome: Outcome, turn: Turn, image: number): boolean {
  const exit = outcome.exitOf[image]!;
  const here = isRight(trace, exit, image);
  if (turn === 'lost') return !here && isRight(trace, trace.exits.length - 1, image);
  if (turn === 'won') return here && !isRight(trace, trace.exits.length - 1, image);
  if (here !== (turn === 'wasted')) return false;
  for (let j = 0; j < exit; j++) if (isRight(trace, j, image)) return true;
  return false;
}
