/** Initial cluster centres in a worker: k-means with restarts on the embedding. Plain arithmetic, no tensors. */
import { KMeans } from '../../core/clustering/kmeans.ts';
import type { Learner, Trained } from '../contract/learner.ts';
import type { CentresSettings, FedRows } from './settings.ts';

/** Centres [K, D], the cluster of each row, and how often an empty cluster was filled [1]. */
export type FoundCentres = {
  readonly centres: Float32Array;
  readonly labels: Uint8Array;
  readonly refilled: Uint32Array;
};

export interface Centres {
  readonly settings: CentresSettings;
  readonly parameters: Record<never, never>;
  readonly feed: FedRows;
  /** Empty before the first step. */
  readonly state: FoundCentres | Record<never, never>;
}

/** A step is a restart; the loss is the best sum of squared distances so far. */
export function centresLearner(settings: CentresSettings): Learner<Centres> {
  const { rows, dimensions, clusters, restarts, seed } = settings;
  const points = new Float32Array(rows * dimensions);
  let means: KMeans | null = null;
  let step = 0;
  return {
    feed({ rows: some, place }) {
      points.set(some, place[0]! * dimensions);
    },
    train(most): Trained {
      means ??= new KMeans(points, dimensions, clusters, seed);
      for (const end = Math.min(step + most, restarts); step < end; step++) means.restart();
      const loss = means.best?.inertia ?? NaN;
      return { loss, right: 0, images: rows, steps: step, epoch: step, isDone: step >= restarts };
    },
    state() {
      if (!means?.best) return {};
      const { centres, labels, refilled } = means.best;
      return {
        centres: centres.slice(),
        labels: labels.slice(),
        refilled: Uint32Array.of(refilled),
      };
    },
  };
}
