/**
 * E2CM+BranchyNet (E2CM §3.2: any existing scheme can be combined): an image leaves by agreement of a branch's entropy
 * and E2CM's confidence at the same place, with the branch's label. The branches do not see the distances, as E2CM+SDN's
 * classifiers do: class means exist only once the network that they are means of has been trained.
 */
import type { Split } from '../../core/dataset.ts';
import type { TraceSplit } from '../../core/trace.ts';
import {
  checkTrainable,
  onFittedNetwork,
  readyNetwork,
  trainingPhase,
} from '../parts/branches/ready.ts';
import type { ThresholdPart } from '../contract/confidence.ts';
import type { Method } from '../contract/method.ts';
import type { MethodReport, MethodRun } from '../contract/run.ts';
import { AGREEMENTS } from '../parts/options/agreement.ts';
import { confidenceAt } from '../parts/agreement/ranks.ts';
import { splitToTrace, trainingImages } from '../run/images.ts';
import { Phases } from '../run/phases.ts';
import { checkSameClasses } from '../parts/classifiers/prepare.ts';
import type { PairArrays } from '../parts/agreement/pair.ts';
import { own } from './own.ts';
import { explainBranchPair, type E2cmBranchyFitted } from './decide.ts';
import type { E2cmBranchyOptions } from './options.ts';
import { branchPairExits, outputsAt } from './plan.ts';
import { loadBranchPair, saveBranchPair } from './save.ts';
import {
  branchPairExplainer,
  fitBranchMeans,
  traceBranchPairs,
  traceBranchTrain,
} from './tracing.ts';

const NAME = 'E2CM+BranchyNet';
const BRANCH = 'entropy of the branch in nats';
const MEANS = 'max softmax of the normalised distances';

export const e2cmBranchynet: Method<
  E2cmBranchyOptions,
  E2cmBranchyFitted,
  MethodReport,
  PairArrays
> = {
  async run(dataset, options, context): Promise<MethodRun<E2cmBranchyFitted, MethodReport>> {
    const started = performance.now();
    const { classes } = dataset;
    if (!AGREEMENTS.includes(options.agreement))
      throw new Error(
        `The rule of agreement must be one of ${AGREEMENTS.join(', ')}; ${options.agreement} came.`,
      );
    checkSameClasses(dataset, context.runner.network, NAME);
    checkTrainable(context.runner);
    const { train, holdout } = trainingImages(dataset, options, `${NAME} trains on them`);
    const phases = new Phases(
      [
        ...trainingPhase(context.runner, train.count, options.epochs),
        { phase: 'class means', images: train.count },
        { phase: 'distances and ranks', images: train.count },
        ...(holdout ? [{ phase: 'held-out images', images: holdout.count }] : []),
        { phase: 'test images', images: dataset.test.count },
      ],
      context.onProgress,
    );
    // Without class means there is nothing to go on with: a training cut short is lost to this method.
    const ready = await readyNetwork(
      own.learner('joint'),
      dataset,
      train,
      options,
      phases,
      context,
      () => undefined,
    );
    const { network } = ready.runner;
    const shared = { phases, context: { ...context, runner: ready.runner } };
    const start = {
      classes,
      exits: branchPairExits(network, classes.length),
      outputs: outputsAt(network),
      network: ready.network,
      epochs: ready.epochs,
      trainImages: train.count,
      options,
      ranks: null,
      normaliser: new Float64Array((network.branches.length + 1) * classes.length),
    };
    const means = await fitBranchMeans({ ...shared, fitted: start, split: train });
    const { trace, fitted } = await traceBranchTrain({
      ...shared,
      dataset,
      fitted: { ...start, ...means },
      split: train,
      name: 'train',
    });
    context.onFitted?.(fitted);
    const other = (split: Split, name: TraceSplit) =>
      traceBranchPairs({ ...shared, dataset, fitted, split, name });
    const held = holdout && (await other(holdout, 'holdout'));
    const test = await other(dataset.test, 'test');
    return {
      fitted,
      train: trace,
      test,
      holdout: held,
      report: { phases: phases.times, seconds: (performance.now() - started) / 1000, warnings: [] },
    };
  },

  async trace(fitted, dataset, split, context) {
    checkSameClasses(dataset, context.runner.network, NAME);
    const images = splitToTrace(dataset, split, fitted.options, fitted.trainImages);
    const phases = new Phases(
      [{ phase: `${split} images`, images: images.count }],
      context.onProgress,
    );
    const runner = await onFittedNetwork(fitted, context.runner);
    const shared = { phases, context: { ...context, runner } };
    return traceBranchPairs({ ...shared, fitted, dataset, split: images, name: split });
  },

  /** The two thresholds that one threshold of this method stands for at an exit. */
  parts({ ranks, options, classes }, exit, threshold) {
    const entropy = (confidence: number): ThresholdPart => ({
      judge: 'branch',
      unit: BRANCH,
      rule: 'below',
      threshold: Math.log(classes.length) - confidence,
    });
    if (options.agreement === 'and-label') return [entropy(threshold)];
    if (!ranks || exit >= ranks.means.length) return [];
    return [
      entropy(confidenceAt(ranks.classifier[exit]!, threshold)),
      {
        judge: 'means',
        unit: MEANS,
        rule: 'at-least',
        threshold: confidenceAt(ranks.means[exit]!, threshold),
      },
    ];
  },

  network: ({ network }) => network,
  save: saveBranchPair,
  load: loadBranchPair,
  explainer: branchPairExplainer,
  explain: explainBranchPair,
};
