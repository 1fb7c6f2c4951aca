/** Whether one image leaves at one exit, of whatever cells a policy's thresholds are. */
import { pairingOf } from './pairing.ts';
import {
  cellOf,
  leaves,
  perExit,
  sense,
  strictly,
  type Cell,
  type ExitsAndClasses,
  type Policy,
} from './policy.ts';
import type { Trace } from './trace.ts';

/** What the judges of an exit say of an image. */
export interface Said {
  readonly label: number;
  readonly confidence: number;
  /** Of two judges, what the one beside the first says. */
  readonly second?: { readonly label: number; readonly confidence: number };
}

/** A confidence and what it is held against. */
export interface Holding {
  /** Which of the exit's thresholds. */
  readonly which: number;
  readonly threshold: number;
  readonly confidence: number;
}

/** What judges say of many images. */
interface Saying {
  readonly prediction: ArrayLike<number>;
  readonly confidence: ArrayLike<number>;
  readonly second?: Omit<Saying, 'second'>;
}

/** What they say of one of them, by its place. */
export function saidAt({ prediction, confidence, second }: Saying, at: number): Said {
  return {
    ...{ label: prediction[at]!, confidence: confidence[at]! },
    ...(second && {
      second: { label: second.prediction[at]!, confidence: second.confidence[at]! },
    }),
  };
}

/** What a trace has of image i at exit j. */
export const saidOf = (trace: Trace, j: number, i: number): Said =>
  saidAt(trace, j * trace.count + i);

/** What a policy holds against each other at an exit but the last: one pair, or one of each judge. */
export function holdings(
  { thresholds }: Pick<Policy, 'thresholds'>,
  of: ExitsAndClasses,
  exit: number,
  { label, confidence, second }: Said,
): readonly Holding[] {
  const cell = cellOf(thresholds, of) ?? 'exit';
  const per = perExit(cell, of);
  const held = (which: number, confidence: number): Holding => ({
    ...{ which, confidence },
    threshold: thresholds[exit * per + which]!,
  });
  const isSame = second?.label === label;
  switch (cell) {
    case 'judge':
      return [held(0, confidence), held(1, second!.confidence)];
    case 'label':
      return [held(isSame ? 1 : 0, confidence)];
    case 'class':
    case 'exit': {
      const own = pairingOf(of) === 'and-label' && !isSame ? 0 : confidence;
      return [held(cell === 'class' ? label : 0, own)];
    }
  }
}

/** Whether an image leaves at an exit but the last, were it to arrive there. */
export function isLet(policy: Policy, of: ExitsAndClasses, exit: number, said: Said): boolean {
  const met = holdings(policy, of, exit, said).map(({ confidence, threshold }) =>
    leaves(policy.rule, confidence, threshold),
  );
  return pairingOf(of) === 'or' ? met.some(Boolean) : met.every(Boolean);
}

/** Whether both judges name the same class; `at` is j·count + i. */
const agreesAt = ({ prediction, second }: Trace, at: number): boolean =>
  prediction[at] === second!.prediction[at];

/** Which threshold of an exit is an image's, of cells that share the images among themselves. */
export function cellAt(trace: Trace, cell: Exclude<Cell, 'judge'>, at: number): number {
  if (cell === 'exit') return 0;
  return cell === 'class' ? trace.prediction[at]! : agreesAt(trace, at) ? 1 : 0;
}

/** The same as `isLet` for many images of one exit whose policy is for two judges. */
export function pairLeaving(
  trace: Trace,
  { rule, thresholds }: Policy,
  cell: 'label' | 'judge',
  j: number,
): (i: number) => boolean {
  const { sign } = sense(rule);
  const from = j * trace.count;
  const { prediction, confidence } = trace;
  const second = trace.second!;
  const bounds = [0, 1].map((n) => strictly(rule, thresholds[2 * j + n]!).bound);
  const [first, other] = [bounds[0]!, bounds[1]!];
  if (cell === 'label')
    return (i) =>
      sign * confidence[from + i]! >
      (prediction[from + i] === second.prediction[from + i] ? other : first);
  return pairingOf(trace) === 'or'
    ? (i) => sign * confidence[from + i]! > first || sign * second.confidence[from + i]! > other
    : (i) => sign * confidence[from + i]! > first && sign * second.confidence[from + i]! > other;
}
