/** What a training of DEC that was stopped has to go on from: stages that are done, and the one that was going on. */
import type { Arrays } from '../contract/arrays.ts';

export const ENCODERS = ['large', 'middle', 'small'] as const;
export type Encoder = (typeof ENCODERS)[number];
export type StageName = 'pretraining' | 'centres' | 'refinement';
export type StageId = `${Encoder} ${StageName}`;

export interface DecCheckpoint {
  /** What it is a training of: options, images; another one cannot go on from it. */
  readonly key: string;
  /** What every stage gave. */
  readonly done: ReadonlyMap<StageId, Arrays>;
  /** The state of the learner in the stage that was stopped; null between two stages. */
  readonly current: { readonly stage: StageId; readonly state: Arrays } | null;
}

/** A copy whose arrays may be handed over. */
export function copyOf(arrays: Arrays): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.slice()]));
}
