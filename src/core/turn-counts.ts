/** What going on, or not, has done to images, counted: apart, as only a table that is opened needs it. */
import type { Outcome } from './replay.ts';
import { tookTurn, turns, type Turn } from './room.ts';
import type { Trace } from './trace.ts';

/** How many images took each turn. */
export function countTurns(trace: Trace, outcome: Outcome): Readonly<Record<Turn, number>> {
  const counts: Record<Turn, number> = { lost: 0, won: 0, overthought: 0, wasted: 0 };
  for (let image = 0; image < trace.count; image++)
    for (const turn of turns) if (tookTurn(trace, outcome, turn, image)) counts[turn]++;
  return counts;
}
