/** E2CM+SDN where the tensors are: SDN's kernels and E2CM's on the sites' outputs, side by side. */
import type { Arrays } from '../contract/arrays.ts';
import type { KernelFactory } from '../contract/kernel.ts';
import { onExits, sideBySide } from '../parts/compose.ts';
import { distancesKernel, sumsKernel } from '../parts/means/kernels.ts';
import { featuresKernel, outputsKernel } from '../parts/classifiers/kernels.ts';
import { decodeSites } from '../parts/classifiers/sites.ts';
import { scaledDistance } from './decide.ts';

/** The sites' outputs; the network's own comes with every kernel as the last. */
const sitesOf = ({ sites, last }: Arrays): number[] => [
  ...decodeSites(sites as Uint32Array).map(({ output }) => output),
  last![0]!,
];

/** E2CM's class sums at the sites and on the logits. Parameters: `sites`, `last` uint32 [1], index of the last exit. */
export const siteSumsKernel: KernelFactory = onExits(sumsKernel, sitesOf);

const siteDistances = onExits(distancesKernel, sitesOf);

/**
 * Features of every site as SDN's kernel gives them, with `distances` float32 [B, S + 1, K].
 * Parameters: those of the sums, `means` and `counts`.
 */
export const siteFeaturesKernel: KernelFactory = sideBySide(featuresKernel, siteDistances);

/**
 * Logits of trained classifiers, which see the scaled distances beside their features, and the distances.
 * Parameters: those of the features; of every classifier the part for its features as SDN's kernel takes it, and
 * `near{s}` float32 [K, K] for the distances; `normaliser` float64 [S + 1, K].
 * Batch: `logits` float32 [B, S·K | K of the network], `distances` float32 [B, S + 1, K].
 */
export const siteOutputsKernel: KernelFactory = sideBySide(
  outputsKernel,
  siteDistances,
  (arrays, parameters) => {
    const logits = arrays.logits as Float32Array;
    const distances = arrays.distances as Float32Array;
    const normaliser = parameters.normaliser as Float64Array;
    const counts = parameters.counts as Uint32Array;
    const k = counts.length;
    const exits = normaliser.length / k;
    const sites = exits - 1;
    const near = Array.from({ length: sites }, (_, s) => parameters[`near${s}`] as Float32Array);
    for (let row = 0; row < logits.length; row += exits * k)
      for (let s = 0; s < sites; s++)
        for (let c = 0; c < k; c++) {
          const at = s * k + c;
          const scaled = scaledDistance(distances[row + at]!, normaliser[at]!, counts[c]!);
          for (let to = 0; to < k; to++)
            logits[row + s * k + to]! += scaled * near[s]![c * k + to]!;
        }
    return { logits, distances };
  },
);
