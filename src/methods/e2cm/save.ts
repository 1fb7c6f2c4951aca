/** Class means and normalisers as a file. */
import type { Exit } from '../../core/trace.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { decodeMethod, encodeMethod, savedArray, savedOption } from '../run/saved.ts';
import type { E2cmFitted } from '../parts/means/decide.ts';
import { E2CM_DEFAULTS, type E2cmOptions } from './options.ts';

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
  const options: E2cmOptions = {
    label: savedOption(read, 'label', E2CM_DEFAULTS.label, ['normalised', 'raw']),
    lastExit: savedOption(read, 'lastExit', E2CM_DEFAULTS.lastExit, ['network', 'nearest-mean']),
    trainImages: savedOption(read, 'trainImages', 0),
    holdout: savedOption(read, 'holdout', 0),
  };
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
