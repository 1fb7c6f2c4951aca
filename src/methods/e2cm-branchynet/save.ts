/** Class means at the branches as a file. */
import { readOptions } from '../../core/options/schema.ts';
import { sizeOf } from '../../core/shape.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { networkArrays, readSavedNetwork } from '../parts/branches/save.ts';
import { decodeMethod, encodeMethod, savedArray } from '../run/saved.ts';
import type { E2cmBranchyFitted } from './decide.ts';
import { E2CM_BRANCHY_OPTIONS } from './options.ts';
import { branchPairExits, outputsAt } from './plan.ts';

export function saveBranchPair(fitted: E2cmBranchyFitted, network: NetworkSummary): SavedMethod {
  const { classes, trainImages, options, ranks, means, counts, normaliser } = fitted;
  const sorted = ranks
    ? Object.fromEntries(
        ranks.means.flatMap((values, j) => [
          [`ranks${j}`, ranks.classifier[j]!],
          [`meansRanks${j}`, values],
        ]),
      )
    : {};
  return encodeMethod('e2cm-branchynet', network, classes, {
    options: { ...options },
    numbers: { trainImages, epochs: fitted.epochs, ranked: ranks?.means[0]?.length ?? 0 },
    arrays: {
      ...{ means, counts, normaliser },
      ...sorted,
      ...networkArrays(fitted.network, fitted.exits, fitted.outputs),
    },
  });
}

/** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
export function loadBranchPair(
  saved: SavedMethod,
  network: NetworkSummary,
  classes: readonly string[],
): E2cmBranchyFitted {
  const { options, numbers, arrays } = decodeMethod(saved, 'e2cm-branchynet', network, classes);
  const own = readSavedNetwork(arrays);
  const k = classes.length;
  // Branches hang on the ends of stages, which the trained network has in common with the loaded one.
  const outputs = own?.outputs ?? outputsAt(network);
  const sites = outputs.slice(0, -1).map((output) => network.stages[network.exits[output]!]!);
  const sizes = [...sites.map(({ shape }) => sizeOf(shape)), k];
  const ranked = numbers.ranked ?? 0;
  const sorted = (name: string) =>
    sites.map((_, j) => savedArray(arrays, `${name}${j}`, Float32Array, ranked));
  return {
    classes,
    exits: own?.exits ?? branchPairExits(network, k),
    outputs,
    network: own?.network ?? null,
    epochs: numbers.epochs ?? 0,
    means: savedArray(arrays, 'means', Float32Array, k * sizes.reduce((sum, d) => sum + d, 0)),
    counts: savedArray(arrays, 'counts', Uint32Array, k),
    normaliser: savedArray(arrays, 'normaliser', Float64Array, k * sizes.length),
    ranks: ranked > 0 ? { classifier: sorted('ranks'), means: sorted('meansRanks') } : null,
    trainImages: numbers.trainImages ?? 0,
    options: readOptions(E2CM_BRANCHY_OPTIONS, options),
  };
}
