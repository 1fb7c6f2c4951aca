/** A jointly trained network as a file of a method: its layers and weights go with it. */
import { readOptions } from '../../core/options/schema.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { decodeMethod, encodeMethod } from '../run/saved.ts';
import type { BranchyFitted } from '../parts/branches/decide.ts';
import { BRANCHY_OPTIONS } from './options.ts';
import { branchExits } from '../parts/branches/plan.ts';
import { networkArrays, readSavedNetwork } from '../parts/branches/save.ts';

export function saveBranchy(
  { classes, trainImages, options, network: own, exits, epochs }: BranchyFitted,
  network: NetworkSummary,
): SavedMethod {
  return encodeMethod('branchynet', network, classes, {
    options: { ...options },
    numbers: { trainImages, epochs },
    arrays: networkArrays(own, exits),
  });
}

/** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
export function loadBranchy(
  saved: SavedMethod,
  network: NetworkSummary,
  classes: readonly string[],
): BranchyFitted {
  const { options, numbers, arrays } = decodeMethod(saved, 'branchynet', network, classes);
  const own = readSavedNetwork(arrays);
  return {
    classes,
    exits: own?.exits ?? branchExits(network),
    network: own?.network ?? null,
    epochs: numbers.epochs ?? 0,
    trainImages: numbers.trainImages ?? 0,
    options: readOptions(BRANCHY_OPTIONS, options),
  };
}
