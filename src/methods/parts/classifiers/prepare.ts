/** What every method with classifiers at sites of a frozen network checks before, and tells after. */
import { firstImages, sliceImages, type Dataset } from '../../../core/dataset.ts';
import type { NetworkSummary } from '../../../network/network.ts';
import {
  checkClasses,
  missingClasses,
  trainingImages,
  type TrainingImages,
} from '../../run/images.ts';
import type { Trainees } from '../linear/fit.ts';
import type { TrainingOptions } from '../options/training.ts';
import type { AtSites, SdnFitted } from './decide.ts';
import { placeClassifiers, type Site } from './sites.ts';
import { Histories, type SdnReport } from './report.ts';

export interface Prepared extends TrainingImages {
  readonly sites: readonly Site[];
  /** Bytes of an image's features. */
  readonly perImage: number;
  /** What a reader of the numbers must know. */
  readonly notes: readonly string[];
  /** Filled while the classifiers are trained. */
  readonly histories: Histories;
}

/**
 * @param perImage bytes of one image's features at some sites.
 * @throws Error with a sentence when the options are wrong, or the network has no place for a classifier.
 */
export function prepare(
  dataset: Dataset,
  options: TrainingOptions,
  network: NetworkSummary,
  method: string,
  perImage: (sites: readonly Site[]) => number,
): Prepared {
  checkOptions(options);
  const { sites, note } = placeClassifiers(network, method);
  const images = trainingImages(dataset, options, `${method} needs them for its classifiers`);
  const bytes = perImage(sites);
  const { train, holdout, warning } = thatFit(images, dataset, options, bytes);
  const notes = [note, warning].filter((text) => text !== null);
  return { sites, train, holdout, perImage: bytes, notes, histories: new Histories() };
}

/** The sites whose classifiers can be used, with their weights and epochs: all of them, unless the training was cut short. */
export function usable(sites: readonly Site[], trainees: Trainees): AtSites {
  const ready = sites.flatMap((site, s) => {
    const trainee = trainees[s];
    return trainee ? [{ site, ...trainee }] : [];
  });
  return {
    sites: ready.map(({ site }) => site),
    classifiers: ready.map(({ weights }) => weights),
    epochs: ready.map(({ epochs }) => epochs),
  };
}

/** All of a report but its times. */
export function reportOf(
  { sites, train, perImage, notes, histories }: Prepared,
  { classifiers, classes }: Pick<SdnFitted, 'classifiers' | 'classes'>,
): Omit<SdnReport, 'phases' | 'seconds'> {
  const imagesPerClass = new Array<number>(classes.length).fill(0);
  for (const label of train.labels) imagesPerClass[label]!++;
  const missing = missingClasses(classes, imagesPerClass);
  const ofMissing = `No training image of ${missing} was used: the internal classifiers learn to avoid it.`;
  return {
    training: histories.list(sites),
    parameters: classifiers.reduce(
      (sum, { weights, bias, alpha }) => sum + weights.length + bias.length + (alpha ? 1 : 0),
      0,
    ),
    featureBytes: perImage * train.count,
    imagesPerClass,
    warnings: missing ? [...notes, ofMissing] : [...notes],
  };
}

function checkOptions(options: TrainingOptions): void {
  checkBudget(options);
  const { featureMegabytes } = options;
  if (!(featureMegabytes > 0))
    throw new Error(`The memory for features must be more than 0 MB; ${featureMegabytes} came.`);
}

/** @throws Error with a sentence when there are no whole epochs, or no whole seed. */
export function checkBudget({ epochs, seed }: Pick<TrainingOptions, 'epochs' | 'seed'>): void {
  if (!Number.isInteger(epochs) || epochs < 1)
    throw new Error(
      `The training budget must be a whole number of epochs, 1 or more; ${epochs} came. ` +
        'A method without training is E2CM.',
    );
  if (!Number.isInteger(seed) || seed < 0)
    throw new Error(`The seed must be a whole number, 0 or more; ${seed} came.`);
}

/** @throws Error with a sentence when the network's own output is not one of the dataset's classes. */
export function checkSameClasses(dataset: Dataset, network: NetworkSummary, method: string): void {
  checkClasses(dataset);
  if (dataset.classes.length !== network.classes.length)
    throw new Error(
      `The network ${network.id} knows ${network.classes.length} classes, the dataset has ${dataset.classes.length}. ` +
        `The last exit of ${method} is the network's own output: take a network for this dataset.`,
    );
}

/** The images whose features fit in memory, the first ones; those that are kept back follow them. */
function thatFit(
  { train, holdout }: TrainingImages,
  dataset: Dataset,
  { featureMegabytes }: TrainingOptions,
  perImage: number,
): TrainingImages & { warning: string | null } {
  const most = Math.floor((featureMegabytes * 2 ** 20) / perImage);
  if (most < 1)
    throw new Error(
      `The features of one image take ${perImage} bytes, more than the ${featureMegabytes} MB that they may take.`,
    );
  if (train.count <= most) return { train, holdout, warning: null };
  const { train: all, shape } = dataset;
  return {
    train: firstImages(all, shape, most),
    holdout: holdout && sliceImages(all, shape, most, most + holdout.count),
    warning:
      `The classifiers are trained on the first ${most} of ${train.count} training images: ` +
      `the features of all would take more than ${featureMegabytes} MB.`,
  };
}
