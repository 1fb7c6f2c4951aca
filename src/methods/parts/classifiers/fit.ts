/** Trains the internal classifiers: the backbone stays as it is, so each learns on its own (IC-only training). */
import { mixSeeds } from '../../../core/random.ts';
import type { KernelRef } from '../../contract/kernel.ts';
import type { LearnerRef } from '../../contract/learner.ts';
import type { Split } from '../../../core/dataset.ts';
import type { RunContext } from '../../contract/run.ts';
import { trainClassifiers, type Trainees } from '../linear/fit.ts';
import { initialWeights, type Linear } from '../linear/learner.ts';
import {
  featureBytes,
  LINEAR_DEFAULTS,
  type LinearShape,
  type LinearWeights,
} from '../linear/settings.ts';
import type { Phases } from '../../run/phases.ts';
import type { TrainingOptions } from '../options/training.ts';
import type { EncodedSites, FeatureRows } from './kernels.ts';
import { encodeSites, shapeOf, type Site } from './sites.ts';

export interface SdnLesson {
  readonly sites: readonly Site[];
  /** The kernel that makes the features, and what a classifier sees of them. */
  readonly kernel: KernelRef<EncodedSites, FeatureRows>;
  readonly learner: LearnerRef<Linear>;
  readonly shape: (site: Site) => LinearShape;
  readonly classes: number;
  readonly train: Split;
  readonly options: Pick<TrainingOptions, 'epochs' | 'seed'>;
  readonly phases: Phases;
  readonly context: Pick<RunContext<never>, 'runner' | 'signal' | 'onTraining'>;
}

/** Bytes of one image's features, all sites together. */
export function bytesPerImage(sites: readonly Site[], classes: number): number {
  return sites.reduce((sum, site) => sum + featureBytes(shapeOf(site, classes), 1), 0);
}

/** @param onCutShort see `trainClassifiers`. */
export function fitSdn(
  {
    sites,
    kernel,
    learner,
    shape: shapeOfSite,
    classes,
    train,
    options,
    phases,
    context,
  }: SdnLesson,
  onCutShort: (trainees: Trainees) => void,
): Promise<LinearWeights[]> {
  const apprentices = sites.map((site, s) => {
    const shape = shapeOfSite(site);
    const seed = mixSeeds(options.seed, s);
    return {
      name: site.name,
      settings: { ...LINEAR_DEFAULTS, ...shape, images: train.count, epochs: options.epochs, seed },
      start: initialWeights(shape, seed),
    };
  });
  const pass = { kernel, classes, parameters: { sites: encodeSites(sites) } };
  return trainClassifiers(
    {
      learner,
      apprentices,
      split: train,
      pass,
      phases,
      context,
      onBatch: (from, count, arrays, feed) => {
        const labels = train.labels.subarray(from, from + count);
        sites.forEach((_, s) => feed(s, from, 0, arrays[`rows${s}`]!, labels));
      },
    },
    onCutShort,
  );
}
