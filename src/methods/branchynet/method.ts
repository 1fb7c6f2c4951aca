/**
 * BranchyNet (Teerapittayanon et al. 2016): branches trained jointly with the network from fresh weights; an image
 * leaves at the first branch whose entropy is low enough. A network that comes with branches is traced as it is.
 */
import type { Dataset, Split } from '../../core/dataset.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { Method, MethodReport, MethodRun, NetworkSummary, RunContext } from '../contract.ts';
import { splitToTrace, traceHead, trainingImages } from '../images.ts';
import { Phases } from '../phases.ts';
import { checkSameClasses } from '../sdn/prepare.ts';
import { traceThrough } from '../stream.ts';
import { decideBranchy, explainBranchy, type BranchyFitted } from './decide.ts';
import { BRANCHY_DEFAULTS, type BranchyOptions } from './options.ts';
import { branchExits, filedUnder } from './plan.ts';
import { loadBranchy, saveBranchy } from './save.ts';

const NAME = 'BranchyNet';

/** @throws Error with a sentence when the loaded network has no branches. */
export function checkBranches({ id, branches }: NetworkSummary): void {
  if (branches.length === 0)
    throw new Error(
      `${id} has no branches: BranchyNet trains its network jointly with them, from fresh weights. ` +
        'That takes gradients of convolutions, which WebAssembly lacks. Choose the recorded run, a network with ' +
        'branches, or WebGPU.',
    );
}

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
    pass: { ...branchExplainer(), classes: classes.length },
    decide: ({ logits }, from, count, out) =>
      decideBranchy(fitted, logits as Float32Array, from, count, out),
  });
}

export const branchExplainer = () => ({ kernel: 'branchynet/logits', parameters: {} });

export const branchynet: Method<BranchyOptions, BranchyFitted, MethodReport> = {
  id: 'branchynet',
  name: NAME,
  defaults: BRANCHY_DEFAULTS,
  confidence: {
    rule: 'below',
    unit: 'entropy of the branch in nats',
    range: (classes) => [0, Math.log(classes)],
  },
  trainsFor: BRANCHY_DEFAULTS.epochs,
  trainsNetwork: true,

  async run(dataset, options, context): Promise<MethodRun<BranchyFitted, MethodReport>> {
    const started = performance.now();
    const { network } = context.runner;
    checkSameClasses(dataset, network, NAME);
    checkBranches(network);
    const { train, holdout } = trainingImages(dataset, options, `${NAME} trains on them`);
    const phases = new Phases(
      [
        { phase: 'training images', images: train.count },
        ...(holdout ? [{ phase: 'held-out images', images: holdout.count }] : []),
        { phase: 'test images', images: dataset.test.count },
      ],
      context.onProgress,
    );
    const fitted: BranchyFitted = {
      classes: dataset.classes,
      exits: branchExits(network),
      network: null,
      epochs: 0,
      trainImages: train.count,
      options,
    };
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
    return traceSplit(fitted, dataset, images, split, phases, context);
  },

  save: saveBranchy,
  load: loadBranchy,
  explainer: branchExplainer,
  explain: explainBranchy,
};
