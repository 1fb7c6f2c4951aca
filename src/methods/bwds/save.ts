/** Classifiers and decision functions as a file. */
import { readOptions } from '../../core/options/schema.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { decodeMethod, encodeMethod, savedArray } from '../run/saved.ts';
import { placeClassifiers } from '../parts/classifiers/sites.ts';
import { arraysOf } from '../parts/classifiers/save.ts';
import { bwdsExits, type BwdsFitted } from './decide.ts';
import { featureCount } from './decisions.ts';
import { BWDS_OPTIONS, TRADE_OFFS } from './options.ts';

export function saveBwds(fitted: BwdsFitted, network: NetworkSummary): SavedMethod {
  const { classes, sites, classifiers, epochs, trainImages, options, decisions } = fitted;
  return encodeMethod('bwds', network, classes, {
    options: { ...options },
    numbers: { trainImages },
    arrays: {
      stages: Uint32Array.from(sites, ({ stage }) => stage),
      epochs: Float64Array.from(epochs),
      ...arraysOf(classifiers),
      ...(decisions && { decisions }),
    },
  });
}

/** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
export function loadBwds(
  saved: SavedMethod,
  network: NetworkSummary,
  classes: readonly string[],
): BwdsFitted {
  const { options: read, numbers, arrays } = decodeMethod(saved, 'bwds', network, classes);
  const options = readOptions(BWDS_OPTIONS, read);
  const stages = new Set(arrays.stages);
  const sites = placeClassifiers(network, 'BWDS').sites.filter(({ stage }) => stages.has(stage));
  if (sites.length === 0 || sites.length !== stages.size)
    throw new Error('The saved BWDS has classifiers at places where this network has none.');
  const k = classes.length;
  const numbersOfDecisions = TRADE_OFFS.length * sites.length * (featureCount(k) + 1);
  return {
    classes,
    sites,
    exits: bwdsExits(network, sites, k),
    classifiers: sites.map(({ map }, s) => ({
      weights: savedArray(arrays, `weights${s}`, Float32Array, map[2] * k),
      bias: savedArray(arrays, `bias${s}`, Float32Array, k),
      alpha: 0,
    })),
    epochs: [...savedArray(arrays, 'epochs', Float64Array, sites.length)],
    decisions: arrays.decisions
      ? savedArray(arrays, 'decisions', Float64Array, numbersOfDecisions)
      : null,
    trainImages: numbers.trainImages ?? 0,
    options,
  };
}
