/** E2CM+SDN where the tensors are: SDN's kernels and E2CM's on the sites' outputs, side by side. */
import { onExits, sideBySide } from '../parts/compose.ts';
import { distancesKernel, sumsKernel } from '../parts/means/kernels.ts';
import type { Distances } from '../parts/means/arrays.ts';
import {
  featuresKernel,
  outputsKernel,
  type EncodedSites,
  type FeatureRows,
} from '../parts/classifiers/kernels.ts';
import { decodeSites } from '../parts/classifiers/sites.ts';
import { scaledDistance } from './scaled.ts';

/** Sites, and the index of the network's last exit [1]. */
export type SitesAndLast = EncodedSites & { readonly last: Uint32Array };

type Pairing = Parameters<typeof outputsKernel>[1] &
  Parameters<typeof siteDistances>[1] &
  Near & {
    /** [S + 1, K]. */
    readonly normaliser: Float64Array;
  };

/** The sites' outputs; the network's own comes with every kernel as the last. */
const sitesOf = ({ sites, last }: SitesAndLast): number[] => [
  ...decodeSites(sites).map(({ output }) => output),
  last[0]!,
];

/** E2CM's class sums at the sites and on the logits. */
export const siteSumsKernel = onExits(sumsKernel, sitesOf);

const siteDistances = onExits(distancesKernel, sitesOf);

/** Features of every site as SDN's kernel gives them, with `distances` [B, S + 1, K]. */
export const siteFeaturesKernel = sideBySide(
  featuresKernel,
  siteDistances,
  (rows, { distances }): FeatureRows & Pick<Distances, 'distances'> => ({ ...rows, distances }),
);

/**
 * Logits of trained classifiers, which see the scaled distances beside their features, and the distances [B, S + 1, K]
 * each. Of every classifier SDN's kernel takes the weights for its features.
 */
export const siteOutputsKernel = sideBySide(
  outputsKernel,
  siteDistances,
  ({ logits }, { distances }, parameters: Pairing) => {
    const { normaliser, counts } = parameters;
    const k = counts.length;
    const exits = normaliser.length / k;
    const sites = exits - 1;
    for (let row = 0; row < logits.length; row += exits * k)
      for (let s = 0; s < sites; s++) {
        const near = {
          counts,
          normaliser: ofSite(normaliser, s, k),
          weights: nearOf(parameters, s),
        };
        addDistances(ofSite(logits, s, k, row), ofSite(distances, s, k, row), near);
      }
    return { logits, distances };
  },
);

/** Row s of a matrix [.., K] that begins at an offset. */
const ofSite = <Numbers extends Float32Array | Float64Array>(
  of: Numbers,
  s: number,
  k: number,
  from = 0,
): Numbers => of.subarray(from + s * k, from + (s + 1) * k) as Numbers;

/** Of site s, the part of its classifier's weights for the distances [K, K]. */
export type Near = { readonly [near: `near${number}`]: Float32Array };

export const nearOf = (parameters: Near, s: number): Float32Array => parameters[`near${s}`]!;

/** Adds to an image's logits [K] what a site's classifier makes of its distances [K]. */
export function addDistances(
  logits: Float32Array,
  distances: Float32Array,
  {
    counts,
    normaliser,
    weights,
  }: {
    readonly counts: Uint32Array;
    /** m of the site [K]. */
    readonly normaliser: Float64Array;
    /** [K, K]. */
    readonly weights: Float32Array;
  },
): void {
  const k = counts.length;
  for (let c = 0; c < k; c++) {
    const scaled = scaledDistance(distances[c]!, normaliser[c]!, counts[c]!);
    for (let to = 0; to < k; to++) logits[to]! += scaled * weights[c * k + to]!;
  }
}
