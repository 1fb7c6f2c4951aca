/** Class means at the branches as a file. */
import type { NetworkSummary, SavedMethod } from '../contract.ts';
import { branchSites } from '../branchynet/plan.ts';
import { readBranchyOptions } from '../branchynet/save.ts';
import { AGREEMENTS } from '../e2cm-sdn/options.ts';
import { decodeMethod, encodeMethod, savedArray, savedOption } from '../saved.ts';
import type { E2cmBranchyFitted } from './decide.ts';
import { E2CM_BRANCHY_DEFAULTS } from './options.ts';
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
    numbers: { trainImages, ranked: ranks?.means[0]?.length ?? 0 },
    arrays: { means, counts, normaliser, ...sorted },
  });
}

/** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
export function loadBranchPair(
  saved: SavedMethod,
  network: NetworkSummary,
  classes: readonly string[],
): E2cmBranchyFitted {
  const { options, numbers, arrays } = decodeMethod(saved, 'e2cm-branchynet', network, classes);
  const sites = branchSites(network);
  const k = classes.length;
  const sizes = [...sites.map(({ size }) => size), k];
  const ranked = numbers.ranked ?? 0;
  const sorted = (name: string) =>
    sites.map((_, j) => savedArray(arrays, `${name}${j}`, Float32Array, ranked));
  return {
    classes,
    exits: branchPairExits(network, k),
    outputs: outputsAt(network),
    network: null,
    epochs: 0,
    means: savedArray(arrays, 'means', Float32Array, k * sizes.reduce((sum, d) => sum + d, 0)),
    counts: savedArray(arrays, 'counts', Uint32Array, k),
    normaliser: savedArray(arrays, 'normaliser', Float64Array, k * sizes.length),
    ranks: ranked > 0 ? { classifier: sorted('ranks'), means: sorted('meansRanks') } : null,
    trainImages: numbers.trainImages ?? 0,
    options: {
      ...readBranchyOptions(options),
      agreement: savedOption(options, 'agreement', E2CM_BRANCHY_DEFAULTS.agreement, AGREEMENTS),
    },
  };
}
