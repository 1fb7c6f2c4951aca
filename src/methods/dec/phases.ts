/** How far a training of DEC is: its phases, and about how long an image takes in each. */
import type { Phase } from '../run/phases.ts';
import { ENCODERS, type Done, type StageId } from './checkpoint.ts';
import { RESTARTS, type DecOptions } from './options.ts';

/** The phases of a training that goes on from what is done, with about how long an image takes in each. */
export function trainingPhases(
  count: number,
  { epochs, refineSteps, refineBatch }: DecOptions,
  done: Done,
): Phase[] {
  return ENCODERS.flatMap((encoder): Phase[] => {
    const isLarge = encoder === 'large';
    const name = `DEC-${encoder}`;
    const all: (Phase & { readonly id: StageId })[] = [
      {
        id: `${encoder} pretraining`,
        phase: `${name}: autoencoder`,
        images: epochs * count,
        effort: isLarge ? 6 : 0.05,
      },
      {
        id: `${encoder} centres`,
        phase: `${name}: first centres`,
        images: RESTARTS * count,
        effort: 0.02,
      },
      {
        id: `${encoder} refinement`,
        phase: `${name}: refinement`,
        images: refineSteps * refineBatch,
        effort: isLarge ? 4 : 0.05,
      },
    ];
    const left = all.filter(({ id }) => !done[id]);
    const features = { phase: `${name}: frozen layers`, images: count, effort: 1 };
    const isOver = done[`${encoder} refinement`] !== undefined;
    return isLarge || isOver ? left : [features, ...left];
  });
}
