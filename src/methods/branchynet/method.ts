/**
 * BranchyNet (Teerapittayanon et al. 2016): branches trained jointly with the network from fresh weights; an image
 * leaves at the first branch whose entropy is low enough. A network that comes with branches is traced as it is.
 */
import type { Dataset, Split } from '../../core/dataset.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { Method } from '../contract/method.ts';
import type { MethodReport, MethodRun, RunContext } from '../contract/run.ts';
import { splitToTrace, traceHead, trainingImages } from '../run/images.ts';
import { Phases } from '../run/phases.ts';
import { checkSameClasses } from '../parts/classifiers/prepare.ts';
import { traceThrough } from '../run/stream.ts';
import { decideBranchy, explainBranchy, type BranchyFitted } from '../parts/branches/decide.ts';
import type { BranchLogits } from '../parts/branches/kernels.ts';
import type { BranchyOptions } from './options.ts';
import { branchExits, filedUnder } from '../parts/branches/plan.ts';
import {
  checkTrainable,
  onFittedNetwork,
  readyNetwork,
  trainingPhase,
  type Ready,
} from '../parts/branches/ready.ts';
import { own } from './own.ts';
import { loadBranchy, saveBranchy } from './save.ts';

const NAME = 'BranchyNet';

/** The kernel through which every image goes. */
const explainer = () => ({ kernel: own.kernel('logits'), parameters: {} });

function traceSplit(
  fitted: BranchyFitted,
  dataset: Dataset,
  split: Split,
  name: TraceSplit,
  phases: Phases,
  context: RunContext<BranchyFitted>,
): Promise<Trace> {
  const { classes, exits, options } = fitted;
  // A network that comes with branches was trained elsewhere, on what its card says, not on the images traced here.
  const trainImages = context.runner.network.trainedOn || fitted.trainImages;
  const parts = { method: 'branchynet', exits, trainImages, options: { ...options } };
  return traceThrough({
    context,
    phases,
    head: filedUnder(traceHead(dataset, name, parts, context), context.runner.network),
    split,
    pass: { ...explainer(), classes: classes.length },
    decide: ({ logits }, from, count, out) => decideBranchy(fitted, logits, from, count, out),
  });
}

export const branchynet: Method<BranchyOptions, BranchyFitted, MethodReport, BranchLogits> = {
  async run(dataset, options, context): Promise<MethodRun<BranchyFitted, MethodReport>> {
    const started = performance.now();
    checkSameClasses(dataset, context.runner.network, NAME);
    checkTrainable(context.runner);
    const { train, holdout } = trainingImages(dataset, options, `${NAME} trains on them`);
    const phases = new Phases(
      [
        ...trainingPhase(context.runner, train.count, options.epochs),
        { phase: 'training images', images: train.count },
        ...(holdout ? [{ phase: 'held-out images', images: holdout.count }] : []),
        { phase: 'test images', images: dataset.test.count },
      ],
      context.onProgress,
    );
    const fittedOn = ({ runner, network, epochs }: Ready): BranchyFitted => ({
      classes: dataset.classes,
      exits: branchExits(runner.network),
      network,
      epochs,
      trainImages: train.count,
      options,
    });
    const ready = await readyNetwork(
      own.learner('joint'),
      dataset,
      train,
      options,
      phases,
      context,
      (cut) => context.onFitted?.(fittedOn(cut)),
    );
    const fitted = fittedOn(ready);
    context.onFitted?.(fitted);
    const trace = (split: Split, name: TraceSplit) =>
      traceSplit(fitted, dataset, split, name, phases, { ...context, runner: ready.runner });
    const traced = await trace(train, 'train');
    const held = holdout && (await trace(holdout, 'holdout'));
    const test = await trace(dataset.test, 'test');
    return {
      fitted,
      train: traced,
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
    return traceSplit(fitted, dataset, images, split, phases, { ...context, runner });
  },

  network: ({ network }) => network,
  save: saveBranchy,
  load: loadBranchy,
  explainer,
  explain: explainBranchy,
};
