/** What a training of DEC that was stopped has to go on from: stages that are done, and the one that was going on. */
import type { Arrays } from '../contract/arrays.ts';
import type { AutoencoderState } from './autoencoder.ts';
import type { FoundCentres } from './centres.ts';
import type { RefinementState } from './refinement.ts';

export const ENCODERS = ['large', 'middle', 'small'] as const;
export type Encoder = (typeof ENCODERS)[number];

/** What a stage gives. */
export interface StageResults {
  /** With the embedding of all images [N, D]. */
  readonly pretraining: Pick<AutoencoderState, 'weights'> & { readonly embedding: Float32Array };
  readonly centres: FoundCentres;
  readonly refinement: Pick<RefinementState, 'weights' | 'centres' | 'labels' | 'steps'>;
}

/** What a stage that was stopped goes on from; one that begins anew has none. */
export interface StageStates {
  readonly pretraining: AutoencoderState;
  readonly centres: never;
  readonly refinement: RefinementState;
}

export type StageName = keyof StageResults;
export type StageId = `${Encoder} ${StageName}`;
export type NameOf<Id extends StageId> = Id extends `${Encoder} ${infer Name}` ? Name : never;

/** What every stage gave. */
export type Done = { readonly [Id in StageId]?: StageResults[NameOf<Id> & StageName] };

export interface DecCheckpoint {
  /** What it is a training of: options, images; another one cannot go on from it. */
  readonly key: string;
  readonly done: Done;
  /** The state of the learner in the stage that was stopped; of none between two stages. */
  readonly current: { readonly [Id in StageId]?: StageStates[NameOf<Id> & StageName] };
}

/** A copy whose arrays may be handed over. */
export function copyOf<Of extends Arrays>(arrays: Of): Of {
  const copies: Readonly<Record<string, Arrays[string]>> = Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, array.slice()]),
  );
  return { ...arrays, ...copies };
}
