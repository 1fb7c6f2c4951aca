/** Trains the internal classifiers: the backbone stays as it is, so each learns on its own (IC-only training). */
import { mixSeeds } from '../../../core/random.ts';
import type { KernelRef } from '../../contract/kernel.ts';
import type { LearnerRef } from '../../contract/learner.ts';
import type { Split } from '../../../core/dataset.ts';
import type { RunContext } from '../../contract/run.ts';
import { TRAINING_EFFORT, trainClassifiers, type Trainees } from '../linear/fit.ts';
import { initialWeights, type Linear } from '../linear/learner.ts';
import {
  featureBytes,
  LINEAR_DEFAULTS,
  type LinearShape,
  type LinearWeights,
} from '../linear/settings.ts';
import type { Fitting, Learnt } from '../../run/method.ts';
import type { Phase, Phases } from '../../run/phases.ts';
import type { TrainingOptions } from '../options/training.ts';
import type { EncodedSites, FeatureRows } from './kernels.ts';
import type { AtSites } from './decide.ts';
import { usable, type Prepared } from './prepare.ts';
import { encodeSites, type Site } from './sites.ts';

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
export const bytesPerImage = (
  sites: readonly Site[],
  shapeOf: (site: Site) => LinearShape,
): number => sites.reduce((sum, site) => sum + featureBytes(shapeOf(site), 1), 0);

/**
 * The fit of a method that trains a classifier at every site and nothing else.
 * @param fittedOf what is learnt, from the sites that can be used.
 */
export async function fitAtSites<Options extends TrainingOptions, Fitted>(
  { dataset, options, prepared, phases, context }: Fitting<Options, Fitted, Prepared>,
  of: Pick<SdnLesson, 'kernel' | 'learner' | 'shape'>,
  fittedFrom: (trained: AtSites & Omit<Learnt<Options>, 'exits'>) => Fitted,
): Promise<Fitted> {
  const { sites, train, histories } = prepared;
  const { classes } = dataset;
  const listening = histories.listening(context);
  const lesson = { ...of, sites, train, options, phases, context: listening };
  const fittedOf = (trained: AtSites) =>
    fittedFrom({ ...trained, classes, trainImages: train.count, options });
  const classifiers = await fitSdn({ ...lesson, classes: classes.length }, (trainees) => {
    const trained = usable(sites, trainees);
    if (trained.sites.length > 0) context.onFitted?.(fittedOf(trained));
  });
  const fitted = fittedOf({ sites, classifiers, epochs: sites.map(() => options.epochs) });
  context.onFitted?.(fitted);
  return fitted;
}

/** Phases of that fit. */
export const classifierPhases = ({ train }: Prepared, { epochs }: TrainingOptions): Phase[] => [
  { phase: 'features', images: train.count },
  { phase: 'training', images: train.count * epochs, effort: TRAINING_EFFORT },
];

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
