/** Class means and normalisers as a file. */
import { readOptions } from '../../core/options/schema.ts';
import type { Exit } from '../../core/trace.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { decodeMethod, encodeMethod, savedArray } from '../run/saved.ts';
import type { E2cmFitted } from '../parts/means/decide.ts';
import { E2CM_OPTIONS, type E2cmOptions } from './options.ts';

export function saveE2cm(
  { classes, means, counts, normaliser, options }: E2cmFitted,
  network: NetworkSummary,
): SavedMethod {
  const arrays = { means, counts, normaliser };
  return encodeMethod('e2cm', network, classes, { options: { ...options }, numbers: {}, arrays });
}

/** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
export function loadE2cm(
  saved: SavedMethod,
  network: NetworkSummary,
  classes: readonly string[],
  exitsOf: (options: E2cmOptions) => Exit[],
): E2cmFitted {
  const { options: read, arrays } = decodeMethod(saved, 'e2cm', network, classes);
  const options = readOptions(E2CM_OPTIONS, read);
  const exits = exitsOf(options);
  const dimensions = exits.map(({ size }) => size!);
  const k = classes.length;
  const numbers = k * dimensions.reduce((sum, d) => sum + d, 0);
  return {
    classes,
    exits,
    dimensions,
    means: savedArray(arrays, 'means', Float32Array, numbers),
    counts: savedArray(arrays, 'counts', Uint32Array, k),
    normaliser: savedArray(arrays, 'normaliser', Float64Array, k * exits.length),
    options,
  };
}
