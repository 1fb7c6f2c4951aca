/** What going on, or not, has done to an image, in words. */
import type { Turn } from '../../core/room.ts';

export interface TurnWords {
  readonly name: string;
  readonly meaning: string;
}

export const TURNS: Readonly<Record<Turn, TurnWords>> = {
  lost: {
    name: 'lost by leaving',
    meaning: 'wrong where they leave, right at the end',
  },
  won: {
    name: 'won by leaving',
    meaning: 'right where they leave, wrong at the end',
  },
  overthought: {
    name: 'overthought',
    meaning: 'right at an exit that they passed, wrong where they leave',
  },
  wasted: {
    name: 'could have left',
    meaning: 'right at an exit that they passed, and still right where they leave',
  },
};
