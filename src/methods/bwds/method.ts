/**
 * BWDS (Bolukbasi, Wang, Dekel, Saligrama 2017): a classifier and a decision function at every exit of a frozen network.
 * Passes over the training images: features, on which the classifiers are trained; the classifiers' outputs, on which
 * the decision functions are, for every trade-off λ. A trace's confidence is the λ up to which an image is let go, so a
 * policy with the same threshold at all exits is what BWDS does at that λ.
 */
import type { TraceSplit } from '../../core/trace.ts';
import type { Split } from '../../core/dataset.ts';
import type { Method } from '../contract/method.ts';
import type { MethodRun } from '../contract/run.ts';
import { splitToTrace } from '../run/images.ts';
import { TRAINING_EFFORT, type Trainees } from '../parts/linear/fit.ts';
import { featureBytes } from '../parts/linear/settings.ts';
import { Phases } from '../run/phases.ts';
import { fitSdn } from '../parts/classifiers/fit.ts';
import type { Site } from '../parts/classifiers/sites.ts';
import { checkSameClasses, prepare, reportOf, usable } from '../parts/classifiers/prepare.ts';
import type { SiteLogits } from '../parts/classifiers/kernels.ts';
import { Histories, type SdnReport } from '../parts/classifiers/report.ts';
import { averageShape, bwdsExits, explainBwds, type BwdsFitted } from './decide.ts';
import { own } from './own.ts';
import { featureCount } from './decisions.ts';
import { TRADE_OFFS, type BwdsOptions } from './options.ts';
import { loadBwds, saveBwds } from './save.ts';
import { bwdsExplainer, traceAndDecide, traceBwds } from './tracing.ts';

export interface BwdsReport extends SdnReport {
  /** The λ for which decision functions were trained, rising. */
  readonly tradeOffs: readonly number[];
  /** Share of the training images at each exit whose decisions are not monotone in λ; their number of λ counts. */
  readonly notMonotone: readonly number[];
}

const NAME = 'BWDS';
/** Training all decision functions on an image, against a pass of it through the network: a first guess. */
const DECISION_EFFORT = 0.05;

/** Bytes of one image: features of the classifiers, then what decisions are trained on and the logits. */
function bytesOf(sites: readonly Site[], classes: number): number {
  const features = sites.reduce(
    (sum, site) => sum + featureBytes(averageShape(site, classes), 1),
    0,
  );
  const outputs = sites.length * (4 * featureCount(classes) + 1) + 4 * (sites.length + 1) * classes;
  return Math.max(features, outputs);
}

export const bwds: Method<BwdsOptions, BwdsFitted, BwdsReport, SiteLogits> = {
  async run(dataset, options, context): Promise<MethodRun<BwdsFitted, BwdsReport>> {
    const started = performance.now();
    const { network } = context.runner;
    const { classes } = dataset;
    const k = classes.length;
    const prepared = prepare(dataset, options, network, NAME, (of) => bytesOf(of, k));
    const { sites, train, holdout } = prepared;
    const { count } = train;
    const phases = new Phases(
      [
        { phase: 'features', images: count },
        { phase: 'training', images: count * options.epochs, effort: TRAINING_EFFORT },
        { phase: 'outputs of the classifiers', images: count },
        { phase: 'decision functions', images: count, effort: DECISION_EFFORT },
        ...(holdout ? [{ phase: 'held-out images', images: holdout.count }] : []),
        { phase: 'test images', images: dataset.test.count },
      ],
      context.onProgress,
    );
    const fittedOf = (trainees: Trainees): BwdsFitted => {
      const trained = usable(sites, trainees);
      const exits = bwdsExits(network, trained.sites, k);
      return { classes, ...trained, exits, decisions: null, trainImages: count, options };
    };
    const histories = new Histories();
    const lesson = {
      sites,
      kernel: own.kernel('features'),
      learner: own.learner('linear'),
      shape: (site: Site) => averageShape(site, k),
      ...{ classes: k, train, options, phases },
      context: histories.listening(context),
    };
    const classifiers = await fitSdn(lesson, (trainees) => {
      const fitted = fittedOf(trainees);
      if (fitted.sites.length > 0) context.onFitted?.(fitted);
    });
    const { epochs } = options;
    const undecided = fittedOf(classifiers.map((weights) => ({ weights, epochs })));
    context.onFitted?.(undecided);
    const tracing = { dataset, phases, context };
    const first = { ...tracing, fitted: undecided, split: train, name: 'train' as const };
    const { trace, fitted, odd } = await traceAndDecide(first);
    const other = (split: Split, name: TraceSplit) =>
      traceBwds({ ...tracing, fitted, split, name });
    const held = holdout && (await other(holdout, 'holdout'));
    const test = await other(dataset.test, 'test');
    return {
      fitted,
      train: trace,
      test,
      holdout: held,
      report: {
        ...reportOf(prepared, fitted.classifiers, histories, classes),
        tradeOffs: TRADE_OFFS,
        notMonotone: odd,
        phases: phases.times,
        seconds: (performance.now() - started) / 1000,
      },
    };
  },

  async trace(fitted, dataset, split, context) {
    checkSameClasses(dataset, context.runner.network, NAME);
    const of = (name: TraceSplit) =>
      splitToTrace(dataset, name, fitted.options, fitted.trainImages);
    const [images, train] = [of(split), of('train')];
    // A run that was cut short has no decision functions yet.
    const missing = fitted.decisions === null;
    const phases = new Phases(
      [
        ...(missing
          ? [
              { phase: 'outputs of the classifiers', images: train.count },
              { phase: 'decision functions', images: train.count, effort: DECISION_EFFORT },
            ]
          : []),
        ...(missing && split === 'train'
          ? []
          : [{ phase: `${split} images`, images: images.count }]),
      ],
      context.onProgress,
    );
    const tracing = { dataset, phases, context };
    if (!missing) return traceBwds({ ...tracing, fitted, split: images, name: split });
    const decided = await traceAndDecide({ ...tracing, fitted, split: train, name: 'train' });
    if (split === 'train') return decided.trace;
    return traceBwds({ ...tracing, fitted: decided.fitted, split: images, name: split });
  },

  save: saveBwds,
  load: loadBwds,
  explainer: bwdsExplainer,
  explain: explainBwds,
};
