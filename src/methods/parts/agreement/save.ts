/** Class means and ranks of two judges as arrays of a saved method. */
import { savedArray, type SavedContent } from '../../run/saved.ts';
import type { PairFitted } from './decider.ts';

type Saved = Pick<SavedContent, 'numbers' | 'arrays'>;

/** `ranks{j}` and `meansRanks{j}` of every exit but the last, once they are known. */
export function pairArrays({ means, counts, normaliser, ranks }: PairFitted): Saved {
  const sorted = (ranks?.means ?? []).flatMap((values, j) => [
    [`ranks${j}`, ranks!.classifier[j]!] as const,
    [`meansRanks${j}`, values] as const,
  ]);
  return {
    numbers: { ranked: ranks?.means[0]?.length ?? 0 },
    arrays: { means, counts, normaliser, ...Object.fromEntries(sorted) },
  };
}

/**
 * @param sizes numbers in the output at every exit.
 * @throws Error with a sentence when it is damaged.
 */
export function readPair(
  { numbers, arrays }: Saved,
  classes: number,
  sizes: readonly number[],
): Pick<PairFitted, 'means' | 'counts' | 'normaliser' | 'ranks'> {
  const ranked = numbers.ranked ?? 0;
  const sorted = (name: string) =>
    sizes.slice(1).map((_, j) => savedArray(arrays, `${name}${j}`, Float32Array, ranked));
  const width = sizes.reduce((sum, d) => sum + d, 0);
  return {
    means: savedArray(arrays, 'means', Float32Array, classes * width),
    counts: savedArray(arrays, 'counts', Uint32Array, classes),
    normaliser: savedArray(arrays, 'normaliser', Float64Array, classes * sizes.length),
    ranks: ranked > 0 ? { classifier: sorted('ranks'), means: sorted('meansRanks') } : null,
  };
}
