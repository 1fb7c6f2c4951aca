/** A network that was trained here as arrays of a saved method. */
import { list, number, record, text } from '../../../core/read.ts';
import { readExits } from '../../../core/trace-fields.ts';
import type { Exit } from '../../../core/trace.ts';
import { parseCard } from '../../../network/card.ts';
import type { NetworkFiles, WeightEntry } from '../../../network/files.ts';
import type { Arrays } from '../../contract/arrays.ts';

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
  const description = JSON.stringify({ card, topology, weights, exits, outputs });
  return {
    networkJson: new TextEncoder().encode(description),
    networkData: new Uint8Array(data.slice(0)),
  };
}

/**
 * What `networkArrays` made; null where there is none.
 * @throws Error with a sentence when it is damaged; what its layers are is checked when they are loaded.
 */
export function readSavedNetwork(arrays: Arrays): SavedNetwork | null {
  const { networkJson, networkData: data } = arrays;
  if (!networkJson || !data) return null;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(networkJson));
  } catch (cause) {
    throw new Error('The network of the saved method is damaged: its description does not parse.', {
      cause,
    });
  }
  const saved = record(json, 'the saved network');
  const weights = list(saved.weights, 'weights').map((entry, n) =>
    weightOf(entry, `weights[${n}]`),
  );
  return {
    network: {
      card: parseCard(saved.card),
      topology: record(saved.topology, 'topology'),
      weights,
      data: new Uint8Array(data).buffer,
    },
    exits: readExits(saved.exits, 'exits'),
    outputs: list(saved.outputs, 'outputs').map((output, n) => number(output, `outputs[${n}]`)),
  };
}

function weightOf(entry: unknown, field: string): WeightEntry {
  const { name, shape, dtype, quantization } = record(entry, field);
  const weight = {
    name: text(name, `${field}.name`),
    shape: list(shape, `${field}.shape`).map((side, d) => number(side, `${field}.shape[${d}]`)),
    dtype: text(dtype, `${field}.dtype`),
  };
  if (quantization === undefined) return weight;
  const { dtype: stored, scale, min } = record(quantization, `${field}.quantization`);
  return {
    ...weight,
    quantization: {
      dtype: text(stored, `${field}.quantization.dtype`),
      ...(scale !== undefined && { scale: number(scale, `${field}.quantization.scale`) }),
      ...(min !== undefined && { min: number(min, `${field}.quantization.min`) }),
    },
  };
}
