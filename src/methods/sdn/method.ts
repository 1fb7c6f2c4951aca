/**
 * Shallow-Deep Networks (Kaya, Hong, Dumitraş 2019): an image leaves at the first internal classifier that is sure
 * enough. One pass over the training images makes the features on which the classifiers are trained; one more pass over
 * every split traces it.
 */
import type { Dataset, Split } from '../../core/dataset.ts';
import type { TraceSplit } from '../../core/trace.ts';
import type { Method } from '../contract/method.ts';
import type { MethodRun, RunContext } from '../contract/run.ts';
import { splitToTrace, traceHead } from '../run/images.ts';
import { TRAINING_EFFORT, type Trainees } from '../parts/linear/fit.ts';
import { Phases } from '../run/phases.ts';
import { traceThrough } from '../run/stream.ts';
import { decideSdn, explainSdn, type SdnFitted } from '../parts/classifiers/decide.ts';
import { bytesPerImage, fitSdn } from '../parts/classifiers/fit.ts';
import type { SiteLogits } from '../parts/classifiers/kernels.ts';
import { own } from './own.ts';
import type { SdnOptions } from './options.ts';
import {
  encodeSites,
  exitsAt,
  linearFlops,
  shapeOf,
  type Site,
} from '../parts/classifiers/sites.ts';
import { checkSameClasses, prepare, reportOf, usable } from '../parts/classifiers/prepare.ts';
import { Histories, type SdnReport } from '../parts/classifiers/report.ts';
import { arraysOf } from '../parts/classifiers/save.ts';
import { loadSdn, saveSdn } from './save.ts';

const explainer = ({ sites, classifiers }: SdnFitted) => ({
  kernel: own.kernel('outputs'),
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
    decide: ({ logits }, from, count, out) => decideSdn(fitted, logits, from, count, out),
  });
}

export const sdn: Method<SdnOptions, SdnFitted, SdnReport, SiteLogits> = {
  async run(dataset, options, context): Promise<MethodRun<SdnFitted, SdnReport>> {
    const started = performance.now();
    const { network } = context.runner;
    const { classes } = dataset;
    const prepared = prepare(dataset, options, network, 'SDN', (of) =>
      bytesPerImage(of, classes.length),
    );
    const { sites, train, holdout } = prepared;
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
      const trained = usable(sites, trainees);
      const exits = exitsAt(network, trained.sites, (site) => linearFlops(site, classes.length));
      return { classes, ...trained, exits, trainImages: train.count, options };
    };
    const histories = new Histories();
    const lesson = {
      sites,
      kernel: own.kernel('features'),
      learner: own.learner('linear'),
      shape: (site: Site) => shapeOf(site, classes.length),
      classes: classes.length,
      train,
      options,
      phases,
      context: histories.listening(context),
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
    return {
      fitted,
      train: traced,
      test,
      holdout: held,
      report: {
        ...reportOf(prepared, fitted.classifiers, histories, classes),
        phases: phases.times,
        seconds: (performance.now() - started) / 1000,
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
