/** Initial cluster centres in a worker: k-means with restarts on the embedding. Plain arithmetic, no tensors. */
import { KMeans } from '../../core/clustering/kmeans.ts';
import type { Arrays } from '../contract/arrays.ts';
import type { Learner, LearnerFactory, Trained } from '../contract/learner.ts';
import { readSettings, type CentresSettings } from './settings.ts';

/**
 * Settings: `CentresSettings`. Feed: `rows` float32 [n, dimensions] and `place`. A step is a restart; the loss is the best
 * sum of squared distances so far. State: `centres` [K, D], `labels` [rows], `refilled` [1].
 */
export const centresLearner = ((given): Learner => {
  const settings = readSettings<CentresSettings>(given, [
    'rows',
    'dimensions',
    'clusters',
    'restarts',
    'seed',
  ]);
  const { rows, dimensions, clusters, restarts, seed } = settings;
  const points = new Float32Array(rows * dimensions);
  let means: KMeans | null = null;
  let step = 0;
  return {
    feed({ rows: some, place }) {
      points.set(some as Float32Array, place![0]! * dimensions);
    },
    train(most): Trained {
      means ??= new KMeans(points, dimensions, clusters, seed);
      for (const end = Math.min(step + most, restarts); step < end; step++) means.restart();
      const loss = means.best?.inertia ?? NaN;
      return { loss, right: 0, images: rows, steps: step, epoch: step, isDone: step >= restarts };
    },
    state(): Arrays {
      if (!means?.best) return {};
      const { centres, labels, refilled } = means.best;
      return {
        centres: centres.slice(),
        labels: labels.slice(),
        refilled: Uint32Array.of(refilled),
      };
    },
  };
}) satisfies LearnerFactory;
