/** Internal classifiers as arrays. */
import type { NetworkSummary } from '../../../network/network.ts';
import { savedArray } from '../../run/saved.ts';
import type { Arrays } from '../../contract/arrays.ts';
import { inputsOf, type LinearShape, type LinearWeights } from '../linear/settings.ts';
import type { AtSites } from './decide.ts';
import { encodeSites, placeClassifiers, type Site } from './sites.ts';

/** Of site s: `weights{s}` [inputs, K], `bias{s}` [K], `alpha{s}` [1]. */
export type Classifiers = {
  readonly [of: `${'weights' | 'bias' | 'alpha'}${number}`]: Float32Array;
};

/** Weights of classifiers by the numbers of their sites, as kernels and files take them. */
export function arraysOf(classifiers: readonly LinearWeights[]): Classifiers {
  const arrays: Record<keyof Classifiers, Float32Array> = {};
  classifiers.forEach(({ weights, bias, alpha }, s) => {
    arrays[`weights${s}`] = weights;
    arrays[`bias${s}`] = bias;
    arrays[`alpha${s}`] = Float32Array.of(alpha);
  });
  return arrays;
}

/** Classifiers with their places, as kernels and judges take them. */
export const encodeClassifiers = ({
  sites,
  classifiers,
}: Pick<AtSites, 'sites' | 'classifiers'>): { readonly sites: Uint32Array } & Classifiers => ({
  sites: encodeSites(sites),
  ...arraysOf(classifiers),
});

/** What a file holds of classifiers at sites. */
export const siteArrays = ({ sites, epochs, classifiers }: AtSites): Arrays => ({
  stages: Uint32Array.from(sites, ({ stage }) => stage),
  epochs: Float64Array.from(epochs),
  ...arraysOf(classifiers),
});

/**
 * What `siteArrays` made; a run that was cut short may have saved some of the sites only.
 * @param name of the method, for the sentence.
 * @throws Error with a sentence when this network has no such sites, or the file is damaged.
 */
export function readSites(
  arrays: Arrays,
  network: NetworkSummary,
  name: string,
  shapeOf: (site: Site) => LinearShape,
): AtSites {
  const stages = new Set(arrays.stages);
  const sites = placeClassifiers(network, name).sites.filter(({ stage }) => stages.has(stage));
  if (sites.length === 0 || sites.length !== stages.size)
    throw new Error(`The saved ${name} has classifiers at places where this network has none.`);
  const classifiers = sites.map((site, s) => {
    const shape = shapeOf(site);
    const numbers = inputsOf(shape) * shape.classes;
    return {
      weights: savedArray(arrays, `weights${s}`, Float32Array, numbers),
      bias: savedArray(arrays, `bias${s}`, Float32Array, shape.classes),
      alpha: savedArray(arrays, `alpha${s}`, Float32Array, 1)[0]!,
    };
  });
  return {
    sites,
    classifiers,
    epochs: [...savedArray(arrays, 'epochs', Float64Array, sites.length)],
  };
}
