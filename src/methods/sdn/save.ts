/** Internal classifiers as a file. */
import { readOptions } from '../../core/options/schema.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { inputsOf } from '../parts/linear/settings.ts';
import { decodeMethod, encodeMethod, savedArray } from '../run/saved.ts';
import type { SdnFitted } from '../parts/classifiers/decide.ts';
import { SDN_OPTIONS } from './options.ts';
import { arraysOf } from '../parts/classifiers/save.ts';
import { exitsAt, linearFlops, placeClassifiers, shapeOf } from '../parts/classifiers/sites.ts';

export function saveSdn(fitted: SdnFitted, network: NetworkSummary): SavedMethod {
  const { classes, sites, classifiers, epochs, trainImages, options } = fitted;
  return encodeMethod('sdn', network, classes, {
    options: { ...options },
    numbers: { trainImages },
    arrays: {
      stages: Uint32Array.from(sites, ({ stage }) => stage),
      epochs: Float64Array.from(epochs),
      ...arraysOf(classifiers),
    },
  });
}

/** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
export function loadSdn(
  saved: SavedMethod,
  network: NetworkSummary,
  classes: readonly string[],
): SdnFitted {
  const { options: read, numbers, arrays } = decodeMethod(saved, 'sdn', network, classes);
  const options = readOptions(SDN_OPTIONS, read);
  // A run that was cut short may have saved some of the sites only.
  const stages = new Set(arrays.stages);
  const sites = placeClassifiers(network, 'SDN').sites.filter(({ stage }) => stages.has(stage));
  if (sites.length === 0 || sites.length !== stages.size)
    throw new Error('The saved SDN has classifiers at places where this network has none.');
  const k = classes.length;
  return {
    classes,
    sites,
    exits: exitsAt(network, sites, (site) => linearFlops(site, k)),
    classifiers: sites.map((site, s) => ({
      weights: savedArray(arrays, `weights${s}`, Float32Array, inputsOf(shapeOf(site, k)) * k),
      bias: savedArray(arrays, `bias${s}`, Float32Array, k),
      alpha: savedArray(arrays, `alpha${s}`, Float32Array, 1)[0]!,
    })),
    epochs: [...savedArray(arrays, 'epochs', Float64Array, sites.length)],
    trainImages: numbers.trainImages ?? 0,
    options,
  };
}
