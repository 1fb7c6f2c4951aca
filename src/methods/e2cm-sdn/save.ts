/** Classifiers and class means as a file. */
import { readOptions } from '../../core/options/schema.ts';
import { sizeOf } from '../../core/shape.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { inputsOf } from '../parts/linear/settings.ts';
import { decodeMethod, encodeMethod, savedArray } from '../run/saved.ts';
import { exitsAt, placeClassifiers } from '../parts/classifiers/sites.ts';
import { arraysOf } from '../parts/classifiers/save.ts';
import type { E2cmSdnFitted } from './decide.ts';
import { pairFlops, pairShape } from './fit.ts';
import { E2CM_SDN_OPTIONS } from './options.ts';

export function savePair(fitted: E2cmSdnFitted, network: NetworkSummary): SavedMethod {
  const { classes, sites, classifiers, epochs, trainImages, options, ranks } = fitted;
  const { means, counts, normaliser } = fitted;
  const sorted = ranks
    ? Object.fromEntries(
        sites.flatMap((_, s) => [
          [`ranks${s}`, ranks.classifier[s]!],
          [`meansRanks${s}`, ranks.means[s]!],
        ]),
      )
    : {};
  return encodeMethod('e2cm-sdn', network, classes, {
    options: { ...options },
    numbers: { trainImages, ranked: ranks ? ranks.means[0]!.length : 0 },
    arrays: {
      stages: Uint32Array.from(sites, ({ stage }) => stage),
      epochs: Float64Array.from(epochs),
      ...{ means, counts, normaliser },
      ...arraysOf(classifiers),
      ...sorted,
    },
  });
}

/** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
export function loadPair(
  saved: SavedMethod,
  network: NetworkSummary,
  classes: readonly string[],
): E2cmSdnFitted {
  const { options: read, numbers, arrays } = decodeMethod(saved, 'e2cm-sdn', network, classes);
  const options = readOptions(E2CM_SDN_OPTIONS, read);
  const stages = new Set(arrays.stages);
  const sites = placeClassifiers(network, 'E2CM+SDN').sites.filter(({ stage }) =>
    stages.has(stage),
  );
  if (sites.length === 0 || sites.length !== stages.size)
    throw new Error('The saved method has classifiers at places where this network has none.');
  const k = classes.length;
  const sizes = [...sites.map(({ map }) => sizeOf(map)), k];
  const ranked = numbers.ranked ?? 0;
  const sorted = (name: string) =>
    sites.map((_, s) => savedArray(arrays, `${name}${s}`, Float32Array, ranked));
  return {
    classes,
    sites,
    last: network.exits.length - 1,
    exits: exitsAt(network, sites, (site) => pairFlops(site, k)),
    classifiers: sites.map((site, s) => ({
      weights: savedArray(arrays, `weights${s}`, Float32Array, inputsOf(pairShape(site, k)) * k),
      bias: savedArray(arrays, `bias${s}`, Float32Array, k),
      alpha: savedArray(arrays, `alpha${s}`, Float32Array, 1)[0]!,
    })),
    epochs: [...savedArray(arrays, 'epochs', Float64Array, sites.length)],
    means: savedArray(arrays, 'means', Float32Array, k * sizes.reduce((sum, d) => sum + d, 0)),
    counts: savedArray(arrays, 'counts', Uint32Array, k),
    normaliser: savedArray(arrays, 'normaliser', Float64Array, k * sizes.length),
    ranks: ranked > 0 ? { classifier: sorted('ranks'), means: sorted('meansRanks') } : null,
    trainImages: numbers.trainImages ?? 0,
    options,
  };
}
