/** Names for clusters: a clustering's numbers mean nothing until they are matched to another's, or to classes. */
import { assign } from './assignment.ts';
import { contingency } from './contingency.ts';
import { checkByteLabels } from './shape.ts';

/**
 * Matches the clusters of one exit to those of another by the images that they share (METHODS.md §8: every exit to
 * DEC-large). Among maps that share equally many images, the one that renumbers fewest clusters; so clusters without
 * images keep their number where they can, and the same labelling maps to itself.
 * @param reference cluster of each image at the exit to align to, below `clusters`.
 * @param labels cluster of each image at the exit to be aligned, below `clusters`.
 * @returns map[c]: the reference's cluster that cluster c of `labels` is matched to; a permutation.
 * @throws Error when the labellings differ in length, a label is too high, or clusters are not 1 to 256.
 */
export function alignTo(reference: Uint8Array, labels: Uint8Array, clusters: number): Uint8Array {
  checkByteLabels(clusters, 'clusters');
  const counts = contingency(labels, reference, clusters, clusters);
  // One image outweighs all the numbers that could be kept.
  const cost = Float64Array.from(counts, (count) => -count * (clusters + 1));
  for (let c = 0; c < clusters; c++) cost[c * clusters + c]! -= 1;
  return Uint8Array.from(assign(cost, clusters, clusters));
}

/**
 * ONE cluster → class map under which most images are right; its accuracy is `clusteringAccuracy`.
 * @param labels cluster of each image, below `clusters`.
 * @param truth class of each image, below `classes`.
 * @returns for each cluster a number of its own: its class, or, for clusters without a class when clusters > classes,
 *   `classes`, `classes + 1`, … in the order of the clusters.
 * @throws Error when the labellings differ in length, a label is too high, or clusters or classes are not 1 to 256.
 */
export function classOfClusters(
  labels: Uint8Array,
  truth: Uint8Array,
  clusters: number,
  classes: number,
): Uint8Array {
  checkByteLabels(clusters, 'clusters');
  checkByteLabels(classes, 'classes');
  const counts = contingency(labels, truth, clusters, classes);
  const classOf = assign(
    Float64Array.from(counts, (count) => -count),
    clusters,
    classes,
  );
  let spare = classes;
  return Uint8Array.from(classOf, (assigned) => (assigned < 0 ? spare++ : assigned));
}
