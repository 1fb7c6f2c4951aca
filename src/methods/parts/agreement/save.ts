/** Class means of two judges as arrays of a saved method. */
import { savedArray, type SavedContent } from '../../run/saved.ts';
import type { PairFitted } from './decider.ts';

type Arrays = SavedContent['arrays'];

export const pairArrays = ({ means, counts, normaliser }: PairFitted): Arrays => ({
  means,
  counts,
  normaliser,
});

/**
 * @param sizes numbers in the output at every exit.
 * @throws Error with a sentence when it is damaged.
 */
export function readPair(
  arrays: Arrays,
  classes: number,
  sizes: readonly number[],
): Pick<PairFitted, 'means' | 'counts' | 'normaliser'> {
  const width = sizes.reduce((sum, d) => sum + d, 0);
  return {
    means: savedArray(arrays, 'means', Float32Array, classes * width),
    counts: savedArray(arrays, 'counts', Uint32Array, classes),
    normaliser: savedArray(arrays, 'normaliser', Float64Array, classes * sizes.length),
  };
}
