/** A clustering against true classes. */
import { contingency } from '../../core/clustering/contingency.ts';
import {
  adjustedRandIndex,
  clusteringAccuracy,
  normalisedMutualInformation,
} from '../../core/clustering/scores.ts';
import type { ClusteringScores } from '../contract/clustering.ts';

export function scoresOf(
  labels: Uint8Array,
  clusters: number,
  truth: Uint8Array,
  classes: number,
): ClusteringScores {
  const counts = contingency(labels, truth, clusters, classes);
  return {
    accuracy: clusteringAccuracy(counts, clusters, classes),
    nmi: normalisedMutualInformation(counts, clusters, classes),
    ari: adjustedRandIndex(counts, clusters, classes),
  };
}
