/** A network with branches to trace: the loaded one where it has some, else its layers trained jointly with branches here. */
import type { Dataset } from '../../../core/dataset.ts';
import type { NetworkFiles } from '../../../network/files.ts';
import type { LearnerRef } from '../../contract/learner.ts';
import type { RunContext } from '../../contract/run.ts';
import type { Runner } from '../../contract/runner.ts';
import { trainingImages, type TrainingImages } from '../../run/images.ts';
import type { Fitting } from '../../run/method.ts';
import type { Phase } from '../../run/phases.ts';
import { checkBudget } from '../classifiers/prepare.ts';
import { trainJointly, type JointlyTrained } from '../joint/fit.ts';
import type { Joint } from '../joint/learner.ts';
import type { JointOptions } from '../options/training.ts';

/** Forward and backward pass beside a forward pass. */
const EFFORT = 4;

export interface Ready {
  readonly runner: Runner;
  /** What was trained here; null where the loaded network has branches. */
  readonly network: NetworkFiles | null;
  readonly epochs: number;
}

/** @throws Error with a sentence when the loaded network has no branches and none can be trained here. */
function checkTrainable({ network, trainsConvolutions }: Runner): void {
  if (network.branches.length === 0 && !trainsConvolutions)
    throw new Error(
      `${network.id} has no branches: BranchyNet trains its network jointly with them, from fresh weights. ` +
        'That takes gradients of convolutions, which WebAssembly lacks. Choose the recorded run, a network with ' +
        'branches, or WebGPU.',
    );
}

/** Images to learn from. @throws Error with a sentence when there are none, or no branches and none can be trained. */
export function prepareJoint(
  dataset: Dataset,
  options: JointOptions,
  runner: Runner,
  name: string,
): TrainingImages {
  checkTrainable(runner);
  return trainingImages(dataset, options, `${name} trains on them`);
}

/** The phase of the training, where there is any. */
export function jointPhases(
  { train }: TrainingImages,
  { epochs }: JointOptions,
  { network }: Runner,
): Phase[] {
  if (network.branches.length > 0) return [];
  return [{ phase: 'training', images: train.count * epochs, effort: EFFORT }];
}

type JointFitting = Omit<Fitting<JointOptions, never, TrainingImages>, 'context'> & {
  readonly context: Pick<RunContext<never>, 'runner' | 'signal' | 'onTraining'>;
};

/** @param onCutShort given what was learnt so far, when training is cancelled or fails, before the promise rejects. */
export async function readyNetwork(
  learner: LearnerRef<Joint>,
  { dataset, options, prepared: { train }, phases, context }: JointFitting,
  onCutShort: (ready: Ready) => Promise<void> | void,
): Promise<Ready> {
  const { runner, signal, onTraining } = context;
  if (runner.network.branches.length > 0) return { runner, network: null, epochs: 0 };
  checkBudget(options);
  let cut: JointlyTrained | null = null;
  const here = ({ files, epochs }: JointlyTrained): NetworkFiles => ({
    ...files,
    card: { ...files.card, trainImages: train.count, epochs, seed: options.seed },
  });
  try {
    const trained = await trainJointly(
      {
        ...{
          learner,
          dataset: dataset.id,
          classes: dataset.classes,
          train,
          shape: dataset.shape,
          phases,
        },
        options: { epochs: options.epochs, seed: options.seed },
        context: { runner, ...(signal && { signal }), ...(onTraining && { onTraining }) },
      },
      (so) => (cut = so),
    );
    const network = here(trained);
    return { runner: await runner.withNetwork(network), network, epochs: trained.epochs };
  } catch (error) {
    if (cut) {
      const network = here(cut);
      const { epochs } = cut as JointlyTrained;
      await onCutShort({ runner: await runner.withNetwork(network), network, epochs });
    }
    throw error;
  }
}
