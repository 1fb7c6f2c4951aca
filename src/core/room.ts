/**
 * The room that is left to a policy: what images would give that left at the first exit which is right, and what the ones
 * that went on have lost or won by it. Overthinking is Kaya et al.'s word (2019, "Shallow-deep networks"): wasteful where
 * the label was right already, destructive where it was right and is not any more.
 */
import type { Outcome } from './replay.ts';
import type { Trace } from './trace.ts';

/** What a rule that knows more than confidences would reach. */
export interface Ideal {
  /** Mean FLOPs an image, relative to the plain network. */
  readonly cost: number;
  readonly accuracy: number;
}

/** Every image leaves at the first exit that labels it right, at the last one where none does. */
export function firstRight(trace: Trace): Ideal {
  return ideal(trace, (image) => {
    const last = trace.exits.length - 1;
    for (let j = 0; j < last; j++) if (isRight(trace, j, image)) return j;
    return last;
  });
}

/** Every image leaves once its label does not change any more: needs no true labels, and is as right as the last exit. */
export function labelStable(trace: Trace): Ideal {
  const { count, exits, prediction } = trace;
  const last = exits.length - 1;
  return ideal(trace, (image) => {
    let j = last;
    while (j > 0 && prediction[(j - 1) * count + image] === prediction[last * count + image]) j--;
    return j;
  });
}

function ideal(trace: Trace, exitOf: (image: number) => number): Ideal {
  const { count, exits, networkFlops } = trace;
  let hits = 0;
  let flops = 0;
  for (let image = 0; image < count; image++) {
    const j = exitOf(image);
    if (isRight(trace, j, image)) hits++;
    flops += exits[j]!.flops;
  }
  const n = Math.max(1, count);
  return { cost: flops / n / networkFlops, accuracy: hits / n };
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

/** How many images took each turn. */
export function countTurns(trace: Trace, outcome: Outcome): Readonly<Record<Turn, number>> {
  const counts: Record<Turn, number> = { lost: 0, won: 0, overthought: 0, wasted: 0 };
  for (let image = 0; image < trace.count; image++)
    for (const turn of turns) if (tookTurn(trace, outcome, turn, image)) counts[turn]++;
  return counts;
}
