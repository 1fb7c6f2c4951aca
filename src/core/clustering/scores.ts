/**
 * How well a clustering agrees with known classes, from the table counts[cluster·classes + class]. All three are
 * 1 for the same partition under other names, and 0 for an empty table, where there is nothing to agree on.
 */
import { assign } from './assignment.ts';

/**
 * Unsupervised clustering accuracy (ACC; Xie et al. 2016, eq. 10): the share of images that are right under the best
 * one-to-one map from clusters to classes. Where clusters outnumber classes, the images of the clusters that are left
 * over count as wrong; where classes outnumber clusters, those of the classes left over do.
 * @throws Error when the table is not clusters × classes.
 */
export function clusteringAccuracy(counts: Uint32Array, clusters: number, classes: number): number {
  const { images } = margins(counts, clusters, classes);
  if (images === 0) return 0;
  const classOf = assign(
    Float64Array.from(counts, (count) => -count),
    clusters,
    classes,
  );
  let right = 0;
  for (let c = 0; c < clusters; c++)
    if (classOf[c]! >= 0) right += counts[c * classes + classOf[c]!]!;
  return right / images;
}

/**
 * Normalised mutual information, I(cluster; class) over the arithmetic mean of the two entropies, as scikit-learn's
 * default. One cluster and one class in use: 1, the partitions are the same; one of only one side: 0, it tells nothing.
 * @throws Error when the table is not clusters × classes.
 */
export function normalisedMutualInformation(
  counts: Uint32Array,
  clusters: number,
  classes: number,
): number {
  const { images, ofCluster, ofClass } = margins(counts, clusters, classes);
  if (images === 0) return 0;
  const meanEntropy = (entropy(ofCluster, images) + entropy(ofClass, images)) / 2;
  if (meanEntropy === 0) return 1;
  let information = 0;
  for (let c = 0; c < clusters; c++)
    for (let k = 0; k < classes; k++) {
      const n = counts[c * classes + k]!;
      if (n > 0)
        information += (n / images) * Math.log((n * images) / (ofCluster[c]! * ofClass[k]!));
    }
  // Rounding may leave an independent pair a hair below 0 and the same partition a hair above 1.
  return Math.min(1, Math.max(0, information / meanEntropy));
}

/**
 * Adjusted Rand index (Hubert & Arabie 1985): pairs of images that both partitions put together, minus what chance
 * would give, over the most there could be minus that. 0 on average for random labels, and it can be negative. Where
 * chance alone gives the most there could be — both sides in one piece, or both all singletons — the partitions are
 * the same: 1.
 * @throws Error when the table is not clusters × classes.
 */
export function adjustedRandIndex(counts: Uint32Array, clusters: number, classes: number): number {
  const { images, ofCluster, ofClass } = margins(counts, clusters, classes);
  if (images === 0) return 0;
  const together = pairs(counts);
  const inCluster = pairs(ofCluster);
  const inClass = pairs(ofClass);
  const all = (images * (images - 1)) / 2;
  if (inCluster === inClass && (inCluster === 0 || inCluster === all)) return 1;
  const byChance = inCluster * (inClass / all);
  return (together - byChance) / ((inCluster + inClass) / 2 - byChance);
}

interface Margins {
  readonly images: number;
  readonly ofCluster: Float64Array;
  readonly ofClass: Float64Array;
}

function margins(counts: Uint32Array, clusters: number, classes: number): Margins {
  if (counts.length !== clusters * classes)
    throw new Error(
      `The table has ${counts.length} counts; ${clusters} clusters of ${classes} classes need ${clusters * classes}.`,
    );
  const ofCluster = new Float64Array(clusters);
  const ofClass = new Float64Array(classes);
  let images = 0;
  for (let c = 0; c < clusters; c++)
    for (let k = 0; k < classes; k++) {
      const n = counts[c * classes + k]!;
      ofCluster[c]! += n;
      ofClass[k]! += n;
      images += n;
    }
  return { images, ofCluster, ofClass };
}

/** Entropy in nats; exactly 0 when one part holds everything. */
function entropy(parts: Float64Array, images: number): number {
  let sum = 0;
  for (const n of parts) if (n > 0) sum -= (n / images) * Math.log(n / images);
  return sum;
}

/** Pairs of images inside the same part: Σ n·(n − 1)/2. */
function pairs(parts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < parts.length; i++) sum += (parts[i]! * (parts[i]! - 1)) / 2;
  return sum;
}
