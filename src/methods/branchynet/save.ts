/** A jointly trained network as a file of a method: its layers and weights go with it. */
import { readOptions } from '../../core/options/schema.ts';
import { list, number, record } from '../../core/read.ts';
import { readExits } from '../../core/trace-fields.ts';
import type { Exit } from '../../core/trace.ts';
import { parseCard } from '../../network/card.ts';
import type { NetworkFiles, WeightEntry } from '../../network/files.ts';
import type { Arrays } from '../contract/arrays.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { decodeMethod, encodeMethod } from '../run/saved.ts';
import type { BranchyFitted } from '../parts/branches/decide.ts';
import { BRANCHY_OPTIONS } from './options.ts';
import { branchExits } from '../parts/branches/plan.ts';

/** A network that was trained here, and what only it tells of the exits. */
export interface SavedNetwork {
  readonly network: NetworkFiles;
  readonly exits: readonly Exit[];
  /** Indices of the exits among the network's default ones. */
  readonly outputs: readonly number[];
}

/** As arrays of a saved method; none where the loaded network was used as it is. */
export function networkArrays(
  network: NetworkFiles | null,
  exits: readonly Exit[],
  outputs: readonly number[] = [],
): Arrays {
  if (!network) return {};
  const { card, topology, weights, data } = network;
  const text = JSON.stringify({ card, topology, weights, exits, outputs });
  return {
    networkJson: new TextEncoder().encode(text),
    networkData: new Uint8Array(data.slice(0)),
  };
}

/**
 * What `networkArrays` made; null where there is none.
 * @throws Error with a sentence when it is damaged; what its layers are is checked when they are loaded.
 */
export function readSavedNetwork(arrays: Arrays): SavedNetwork | null {
  const { networkJson: text, networkData: data } = arrays;
  if (!text || !data) return null;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(text));
  } catch (cause) {
    throw new Error('The network of the saved method is damaged: its description does not parse.', {
      cause,
    });
  }
  const saved = record(json, 'the saved network');
  const weights = list(saved.weights, 'weights').map((entry, n) => record(entry, `weights[${n}]`));
  return {
    network: {
      card: parseCard(saved.card),
      topology: record(saved.topology, 'topology'),
      weights: weights as unknown as WeightEntry[],
      data: (data as Uint8Array<ArrayBuffer>).slice().buffer,
    },
    exits: readExits(saved.exits, 'exits'),
    outputs: list(saved.outputs, 'outputs').map((output, n) => number(output, `outputs[${n}]`)),
  };
}

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
