/** A jointly trained network as a file of a method: its layers and weights go with it. */
import type { NetworkSummary, SavedMethod } from '../contract.ts';
import { decodeMethod, encodeMethod, savedOption } from '../saved.ts';
import type { BranchyFitted } from './decide.ts';
import { BRANCHY_DEFAULTS, type BranchyOptions } from './options.ts';
import { branchExits } from './plan.ts';

export function saveBranchy(
  { classes, trainImages, options }: BranchyFitted,
  network: NetworkSummary,
): SavedMethod {
  return encodeMethod('branchynet', network, classes, {
    options: { ...options },
    numbers: { trainImages },
    arrays: {},
  });
}

export function readBranchyOptions(read: Parameters<typeof savedOption>[0]): BranchyOptions {
  return {
    epochs: savedOption(read, 'epochs', BRANCHY_DEFAULTS.epochs),
    seed: savedOption(read, 'seed', BRANCHY_DEFAULTS.seed),
    trainImages: savedOption(read, 'trainImages', 0),
    holdout: savedOption(read, 'holdout', 0),
  };
}

/** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
export function loadBranchy(
  saved: SavedMethod,
  network: NetworkSummary,
  classes: readonly string[],
): BranchyFitted {
  const { options, numbers } = decodeMethod(saved, 'branchynet', network, classes);
  return {
    classes,
    exits: branchExits(network),
    network: null,
    epochs: 0,
    trainImages: numbers.trainImages ?? 0,
    options: readBranchyOptions(options),
  };
}
