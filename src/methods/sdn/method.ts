/**
 * Shallow-Deep Networks (Kaya, Hong, Dumitraş 2019): an image leaves at the first internal classifier that is sure
 * enough. One pass over the training images makes the features on which the classifiers are trained; one more pass over
 * every split traces it.
 */
import { firstImages, sliceImages, type Dataset, type Split } from '../../core/dataset.ts';
import type { TraceSplit } from '../../core/trace.ts';
import type { Method, MethodRun, NetworkSummary, RunContext } from '../contract.ts';
import {
  checkClasses,
  missingClasses,
  splitToTrace,
  traceHead,
  trainingImages,
} from '../images.ts';
import { TRAINING_EFFORT, type Trainees } from '../linear/fit.ts';
import { Phases } from '../phases.ts';
import { traceThrough } from '../stream.ts';
import { decideSdn, explainSdn, type SdnFitted } from './decide.ts';
import { bytesPerImage, fitSdn } from './fit.ts';
import { SDN_DEFAULTS, type SdnOptions } from './options.ts';
import { encodeSites, exitsAt, isMixed, linearFlops, placeClassifiers } from './plan.ts';
import { Histories, type SdnReport } from './report.ts';
import { arraysOf, loadSdn, saveSdn } from './save.ts';

const explainer = ({ sites, classifiers }: SdnFitted) => ({
  kernel: 'sdn/outputs',
  parameters: { sites: encodeSites(sites), ...arraysOf(classifiers) },
});

/** Traces images with trained classifiers. */
function traceSplit(
  fitted: SdnFitted,
  dataset: Dataset,
  split: Split,
  name: TraceSplit,
  phases: Phases,
  context: RunContext<SdnFitted>,
) {
  const { classes, exits, trainImages, options } = fitted;
  const parts = { method: 'sdn', exits, trainImages, options: { ...options } };
  return traceThrough({
    context,
    phases,
    head: traceHead(dataset, name, parts, context),
    split,
    pass: { ...explainer(fitted), classes: classes.length },
    decide: ({ logits }, from, count, out) =>
      decideSdn(fitted, logits as Float32Array, from, count, out),
  });
}

export const sdn: Method<SdnOptions, SdnFitted, SdnReport> = {
  id: 'sdn',
  name: 'SDN',
  defaults: SDN_DEFAULTS,
  confidence: {
    rule: 'at-least',
    unit: 'max softmax of the internal classifier',
    range: (classes) => [1 / classes, 1],
  },
  trainsFor: SDN_DEFAULTS.epochs,

  async run(dataset, options, context): Promise<MethodRun<SdnFitted, SdnReport>> {
    const started = performance.now();
    const { network } = context.runner;
    const { classes } = dataset;
    checkOptions(options);
    checkSameClasses(dataset, network, 'SDN');
    const { sites, note } = placeClassifiers(network, 'SDN');
    const images = trainingImages(dataset, options, 'SDN needs them for its internal classifiers');
    const perImage = bytesPerImage(sites, classes.length);
    const { train, holdout, warning } = thatFit(images, dataset, options, perImage);
    const phases = new Phases(
      [
        { phase: 'features', images: train.count },
        { phase: 'training', images: train.count * options.epochs, effort: TRAINING_EFFORT },
        { phase: 'training images', images: train.count },
        ...(holdout ? [{ phase: 'held-out images', images: holdout.count }] : []),
        { phase: 'test images', images: dataset.test.count },
      ],
      context.onProgress,
    );
    const fittedOf = (trainees: Trainees): SdnFitted => {
      const ready = sites.flatMap((site, s) => {
        const trainee = trainees[s];
        return trainee ? [{ site, ...trainee }] : [];
      });
      const usable = ready.map(({ site }) => site);
      return {
        classes,
        sites: usable,
        exits: exitsAt(network, usable, (site) => linearFlops(site, classes.length)),
        classifiers: ready.map(({ weights }) => weights),
        epochs: ready.map(({ epochs }) => epochs),
        trainImages: train.count,
        options,
      };
    };
    const histories = new Histories();
    const lesson = {
      sites,
      classes: classes.length,
      train,
      options,
      phases,
      context: {
        ...context,
        onTraining: (training: Parameters<Histories['add']>[0]) => {
          histories.add(training);
          context.onTraining?.(training);
        },
      },
    };
    const classifiers = await fitSdn(lesson, (trainees) => {
      const fitted = fittedOf(trainees);
      if (fitted.sites.length > 0) context.onFitted?.(fitted);
    });
    const { epochs } = options;
    const fitted = fittedOf(classifiers.map((weights) => ({ weights, epochs })));
    context.onFitted?.(fitted);
    const trace = (split: Split, name: TraceSplit) =>
      traceSplit(fitted, dataset, split, name, phases, context);
    const traced = await trace(train, 'train');
    const held = holdout && (await trace(holdout, 'holdout'));
    const test = await trace(dataset.test, 'test');
    const imagesPerClass = new Array<number>(classes.length).fill(0);
    for (const label of train.labels) imagesPerClass[label]!++;
    const missing = missingClasses(classes, imagesPerClass);
    return {
      fitted,
      train: traced,
      test,
      holdout: held,
      report: {
        training: histories.list(sites),
        parameters: parametersOf(fitted),
        featureBytes: perImage * train.count,
        imagesPerClass,
        phases: phases.times,
        seconds: (performance.now() - started) / 1000,
        warnings: [
          ...(note ? [note] : []),
          ...(warning ? [warning] : []),
          ...(missing
            ? [
                `No training image of ${missing} was used: the internal classifiers learn to avoid it.`,
              ]
            : []),
        ],
      },
    };
  },

  async trace(fitted, dataset, split, context) {
    checkSameClasses(dataset, context.runner.network, 'SDN');
    const images = splitToTrace(dataset, split, fitted.options, fitted.trainImages);
    const phases = new Phases(
      [{ phase: `${split} images`, images: images.count }],
      context.onProgress,
    );
    return traceSplit(fitted, dataset, images, split, phases, context);
  },

  save: saveSdn,
  load: loadSdn,
  explainer,
  explain: explainSdn,
};

function checkOptions({ epochs, seed, featureMegabytes }: SdnOptions): void {
  if (!Number.isInteger(epochs) || epochs < 1)
    throw new Error(
      `The training budget must be a whole number of epochs, 1 or more; ${epochs} came. ` +
        'A method without training is E2CM.',
    );
  if (!Number.isInteger(seed) || seed < 0)
    throw new Error(`The seed must be a whole number, 0 or more; ${seed} came.`);
  if (!(featureMegabytes > 0))
    throw new Error(`The memory for features must be more than 0 MB; ${featureMegabytes} came.`);
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
  { train, holdout }: { train: Split; holdout: Split | null },
  dataset: Dataset,
  { featureMegabytes }: SdnOptions,
  perImage: number,
): { train: Split; holdout: Split | null; warning: string | null } {
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

function parametersOf({ sites, classifiers }: SdnFitted): number {
  return sites.reduce((sum, site, s) => {
    const { weights, bias } = classifiers[s]!;
    return sum + weights.length + bias.length + (isMixed(site) ? 1 : 0);
  }, 0);
}
