/**
 * BranchyNet (Teerapittayanon et al. 2016): branches trained jointly with the network from fresh weights; an image
 * leaves at the first branch whose entropy is low enough. A network that comes with branches is traced as it is.
 */
import { readOptions } from '../../core/options/schema.ts';
import { through } from '../contract/kernel.ts';
import type { MethodReport } from '../contract/run.ts';
import { methodOf } from '../run/method.ts';
import type { TrainingImages } from '../run/images.ts';
import { checkSameClasses } from '../parts/classifiers/prepare.ts';
import { decideBranchy, explainBranchy, type BranchyFitted } from '../parts/branches/decide.ts';
import type { BranchLogits } from '../parts/branches/kernels.ts';
import { branchExits, filedUnder } from '../parts/branches/plan.ts';
import { jointPhases, prepareJoint, readyNetwork, type Ready } from '../parts/branches/ready.ts';
import { networkArrays, readSavedNetwork } from '../parts/branches/save.ts';
import { branchyWritten } from './written.ts';
import { BRANCHY_OPTIONS, type BranchyOptions } from './options.ts';
import { own } from './own.ts';

const NAME = 'BranchyNet';

export const branchynet = methodOf<
  BranchyOptions,
  BranchyFitted,
  TrainingImages,
  MethodReport,
  BranchLogits
>({
  id: 'branchynet',
  options: (saved) => readOptions(BRANCHY_OPTIONS, saved),
  check: (dataset, _, network) => checkSameClasses(dataset, network, NAME),
  prepare: (dataset, options, runner) => prepareJoint(dataset, options, runner, NAME),
  phases: jointPhases,
  async fit(fitting) {
    const { dataset, options, prepared, context } = fitting;
    const fittedOn = ({ runner, network, epochs }: Ready): BranchyFitted => ({
      classes: dataset.classes,
      exits: branchExits(runner.network),
      network,
      epochs,
      trainImages: prepared.train.count,
      options,
    });
    const ready = await readyNetwork(own.learner('joint'), fitting, (cut) =>
      context.onFitted?.(fittedOn(cut)),
    );
    const fitted = fittedOn(ready);
    context.onFitted?.(fitted);
    return fitted;
  },
  through: () => through(own.kernel('logits'), {}),
  decider: (fitted) => ({
    decide: ({ logits }, from, count, out) => decideBranchy(fitted, logits, from, count, out),
  }),
  judge: ({ exits }) => own.judge({ branches: exits.length - 1 }),
  head(head, network) {
    const { provenance } = head;
    // A network that comes with branches was trained elsewhere, on what its card says, not on the images traced here.
    const trainImages = network.trainedOn || provenance.trainImages;
    return filedUnder({ ...head, provenance: { ...provenance, trainImages } }, network);
  },
  report: (_, times) => ({ ...times, warnings: [] }),
  network: ({ network }) => network,
  written: branchyWritten,
  explain: explainBranchy,
  save: ({ network, exits, epochs }) => ({
    numbers: { epochs },
    arrays: networkArrays(network, exits),
  }),
  load({ learnt, numbers, arrays, network }) {
    const saved = readSavedNetwork(arrays);
    return {
      ...learnt,
      exits: saved?.exits ?? branchExits(network),
      network: saved?.network ?? null,
      epochs: numbers.epochs ?? 0,
    };
  },
});
