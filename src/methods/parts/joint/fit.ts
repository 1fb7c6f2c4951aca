/**
 * Trains a network with its branches from scratch, in the worker that computes: draws fresh weights, sends them and the
 * images there, asks for a few steps at a time and tells how each exit does.
 */
import { imageBytes, type ImageShape, type Split } from '../../../core/dataset.ts';
import { withBranches, withWeights } from '../../../network/branches.ts';
import type { NetworkFiles } from '../../../network/files.ts';
import type { LearnerRef, RemoteLearner, Trained } from '../../contract/learner.ts';
import type { RunContext } from '../../contract/run.ts';
import type { Phases } from '../../run/phases.ts';
import { Throttle } from '../../run/trace-buffer.ts';
import type { Joint } from './learner.ts';
import {
  augmentationOf,
  JOINT_DEFAULTS,
  JOINT_EXITS,
  stepsPerEpoch,
  type JointSettings,
} from './settings.ts';

/** Time between two chances to cancel, where a single step does not take longer. */
const SLICE_MS = 250;
const MOST_STEPS = 64;
/** Bytes of images in one message, and in the worker altogether. */
const CHUNK = 4 * 2 ** 20;
const MOST_BYTES = 2 ** 30;

export interface JointPlan {
  readonly learner: LearnerRef<Joint>;
  /** Dataset id: augmentation depends on it. */
  readonly dataset: string;
  readonly classes: readonly string[];
  readonly train: Split;
  readonly shape: ImageShape;
  readonly options: Pick<JointSettings, 'epochs' | 'seed'> &
    Partial<Pick<JointSettings, 'batch' | 'rate' | 'weightDecay' | 'crop' | 'flip'>>;
  /** The next phase, of `epochs` × the images, is started and ended here. */
  readonly phases?: Phases;
  readonly context: Pick<RunContext<never>, 'runner' | 'signal' | 'onTraining'>;
}

export interface JointlyTrained {
  /** The network with branches and what it has learnt. */
  readonly files: NetworkFiles;
  /** How many epochs that took; not whole where training was cut short. */
  readonly epochs: number;
  readonly seconds: number;
}

/**
 * @param onCutShort given what is learnt so far when training is cancelled or fails, before the promise rejects; not
 * called where there is nothing.
 * @throws Error with a sentence when this cannot be trained here, a loss is not a number, or the worker is lost.
 */
export async function trainJointly(
  plan: JointPlan,
  onCutShort: (trained: JointlyTrained) => void,
): Promise<JointlyTrained> {
  const { runner, signal } = plan.context;
  const settings = settingsOf(plan);
  check(plan, settings);
  const fresh = withBranches(runner.files, runner.network, settings.seed);
  const learner = await runner.teach(0, {
    learner: plan.learner,
    settings,
    parameters: {},
    network: fresh,
  });
  const training = new Training(plan, settings, learner);
  const result = (of: Kept): JointlyTrained => ({
    files: filesWith(fresh, of, settings.images),
    epochs: of.epochs,
    seconds: training.seconds,
  });
  try {
    await training.feed();
    const kept = await training.run();
    signal?.throwIfAborted();
    return result(kept);
  } catch (error) {
    if (training.kept) onCutShort(result(training.kept));
    if (!learner.isLost) throw error;
    throw new Error(
      `The worker that trains was lost (${(error as Error).message}). Choose a smaller batch or fewer training images, ` +
        'or close other pages that use the GPU.',
      { cause: error },
    );
  } finally {
    learner.close();
  }
}

/** Weights by name, and the epochs that made them. */
interface Kept {
  readonly weights: Joint['state'];
  readonly epochs: number;
}

class Training {
  kept: Kept | null = null;
  private readonly throttle = new Throttle();
  private readonly started = performance.now();
  private loss: number[] = [];
  private right: number[] = [];
  private done = 0;

  constructor(
    private readonly plan: JointPlan,
    private readonly settings: JointSettings,
    private readonly learner: RemoteLearner<Joint>,
  ) {
    this.reset();
  }

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  async feed(): Promise<void> {
    const { train, shape, context } = this.plan;
    const size = imageBytes(shape);
    const chunk = Math.max(1, Math.floor(CHUNK / size));
    for (let from = 0; from < train.count; from += chunk) {
      context.signal?.throwIfAborted();
      const to = Math.min(train.count, from + chunk);
      await this.learner.feed({
        images: train.images.slice(from * size, to * size),
        labels: train.labels.slice(from, to),
        place: Uint32Array.of(from),
      });
    }
  }

  /** Until the last epoch is over, or the signal is aborted. */
  async run(): Promise<Kept> {
    const { context, phases } = this.plan;
    const perEpoch = stepsPerEpoch(this.settings);
    phases?.start();
    let most = 1;
    for (let isDone = false; !isDone && !context.signal?.aborted;) {
      const since = performance.now();
      const trained = await this.learner.train(most);
      const pace = SLICE_MS / Math.max(1, performance.now() - since);
      most = Math.max(1, Math.min(MOST_STEPS, Math.floor(most * Math.min(2, pace))));
      ({ isDone } = trained);
      this.take(trained);
      // After every epoch, so that a lost worker costs one at most; and where the visitor stops.
      if (this.done === 0 || context.signal?.aborted)
        this.kept = { weights: await this.learner.state(), epochs: trained.steps / perEpoch };
    }
    if (!context.signal?.aborted) phases?.end();
    return this.kept!;
  }

  /** Adds to the sums of the epoch and reports them. */
  private take({ exits, images, epoch, loss }: Trained): void {
    const { images: total, epochs } = this.settings;
    if (!Number.isFinite(loss))
      throw new Error(
        `The loss is not a number in epoch ${epoch}: the weights have run away. Choose a lower learning rate` +
          `${this.kept ? '; what the epochs before have learnt is kept' : ''}.`,
      );
    this.done += images;
    exits!.forEach((exit, e) => {
      this.loss[e]! += exit.loss;
      this.right[e]! += exit.right;
    });
    const { done } = this;
    const isEpochEnd = done === total;
    if (isEpochEnd || this.throttle.isDue()) {
      JOINT_EXITS.forEach((exit, e) =>
        this.plan.context.onTraining?.({
          ...{ exit, epoch, epochs, done, total },
          loss: this.loss[e]! / done,
          accuracy: this.right[e]! / done,
        }),
      );
      this.plan.phases?.report((epoch - 1) * total + done);
    }
    if (isEpochEnd) this.reset();
  }

  private reset(): void {
    this.loss = JOINT_EXITS.map(() => 0);
    this.right = JOINT_EXITS.map(() => 0);
    this.done = 0;
  }
}

function settingsOf({ dataset, train, shape, options }: JointPlan): JointSettings {
  const [height, width, channels] = shape;
  return {
    ...JOINT_DEFAULTS,
    ...augmentationOf(dataset),
    ...options,
    images: train.count,
    height,
    width,
    channels,
  };
}

function check({ classes, context, shape }: JointPlan, settings: JointSettings): void {
  const { runner } = context;
  if (!runner.trainsConvolutions)
    throw new Error(
      `${runner.backend} has no gradients of convolutions, so BranchyNet cannot be trained here: that needs WebGPU. ` +
        'Recorded runs, and networks with branches that were trained elsewhere, work without.',
    );
  if (classes.length !== runner.network.classes.length)
    throw new Error(
      `The network ${runner.network.id} tells ${runner.network.classes.length} classes apart, the dataset has ` +
        `${classes.length}; BranchyNet needs the same.`,
    );
  const { images, epochs, batch, rate, seed } = settings;
  for (const [what, value] of Object.entries({ epochs, batch, 'training images': images }))
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`Joint training needs a whole number of ${what}, 1 or more; ${value} came.`);
  if (!(rate > 0)) throw new Error(`The learning rate must be above 0; ${rate} came.`);
  if (!Number.isInteger(seed) || seed < 0)
    throw new Error(`The seed must be a whole number, 0 or more; ${seed} came.`);
  const bytes = images * imageBytes(shape);
  if (bytes > MOST_BYTES)
    throw new Error(
      `${images} images take ${Math.ceil(bytes / 2 ** 20)} MB in the worker, which keeps ${MOST_BYTES / 2 ** 20} MB at ` +
        'most; choose fewer training images.',
    );
}

function filesWith(fresh: NetworkFiles, { weights, epochs }: Kept, images: number): NetworkFiles {
  const files = withWeights(fresh, weights);
  return { ...files, card: { ...files.card, epochs, trainImages: images } };
}
