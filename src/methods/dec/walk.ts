/** Leads one learner of DEC through its steps: a few at a time, so that it can be stopped and looked at in between. */
import type { LearnerTypes, Lesson, RemoteLearner, Trained } from '../contract/learner.ts';
import type { Runner } from '../contract/runner.ts';
import { Throttle } from '../run/trace-buffer.ts';
import type { FedRows } from './settings.ts';

/** Time between two chances to stop, where a single step does not take longer. */
const SLICE_MS = 200;
const MOST_STEPS = 256;
/** Time between two views: a look costs about two steps. */
const VIEW_MS = 1200;
/** Bytes of rows in one message. */
const CHUNK = 4 * 2 ** 20;

/** A learner that is fed rows. */
export type RowLearner = LearnerTypes & { readonly feed: FedRows };

export interface Walk<Of extends RowLearner, Result> {
  readonly runner: Runner;
  readonly signal: AbortSignal | undefined;
  /** In words, for what goes wrong: "the pretraining of DEC-large". */
  readonly what: string;
  readonly lesson: Lesson<Of>;
  /** What the learner is fed: rows of `inputs` numbers. */
  readonly rows: Uint8Array | Float32Array;
  readonly inputs: number;
  readonly onSteps: (trained: Trained, images: number) => void;
  /** Called now and then between steps, and at the end; `loss` is the mean since the last call, null where no step was made. */
  readonly onView: (
    learner: RemoteLearner<Of>,
    trained: Trained,
    loss: number | null,
  ) => Promise<void>;
  /** Called with the learner's state when it is stopped. */
  readonly onStop: (state: Of['state']) => void;
  /** Called when all steps are done, before the learner is closed. */
  readonly onEnd: (learner: RemoteLearner<Of>) => Promise<Result>;
}

/**
 * @returns what `onEnd` gave.
 * @throws AbortError when it is stopped, after `onStop`; Error with a sentence when a loss is not a number or the worker is
 * lost.
 */
export async function walk<Of extends RowLearner, Result>(of: Walk<Of, Result>): Promise<Result> {
  const { signal, what } = of;
  const learner = await of.runner.teach(0, of.lesson);
  try {
    await feed(of, learner);
    const throttle = new Throttle(VIEW_MS);
    throttle.isDue();
    let most = 1;
    let seen = { loss: 0, images: 0 };
    let done = 0;
    for (let isDone = false; !isDone;) {
      if (signal?.aborted) {
        of.onStop(await learner.state());
        signal.throwIfAborted();
      }
      const since = performance.now();
      const trained = await learner.train(most);
      const pace = SLICE_MS / Math.max(1, performance.now() - since);
      most = Math.max(1, Math.min(MOST_STEPS, Math.floor(most * Math.min(2, pace))));
      ({ isDone } = trained);
      if (!Number.isFinite(trained.loss))
        throw new Error(
          `The loss is not a number in ${what}, before step ${trained.steps}: the weights have run away. What the stages ` +
            'before have learnt is kept; try another seed or a larger batch.',
        );
      seen = { loss: seen.loss + trained.loss, images: seen.images + trained.images };
      of.onSteps(trained, (done += trained.images));
      if (isDone || throttle.isDue()) {
        await of.onView(learner, trained, seen.images > 0 ? seen.loss / seen.images : null);
        seen = { loss: 0, images: 0 };
      }
    }
    return await of.onEnd(learner);
  } catch (error) {
    if (!learner.isLost) throw error;
    throw new Error(
      `The worker was lost in ${what} (${(error as Error).message}). Close other pages or choose fewer images, then go on: ` +
        'the stages before are kept.',
      { cause: error },
    );
  } finally {
    learner.close();
  }
}

async function feed<Of extends RowLearner>(
  { rows, inputs, signal }: Pick<Walk<Of, unknown>, 'rows' | 'inputs' | 'signal'>,
  learner: RemoteLearner<Of>,
): Promise<void> {
  const chunk = Math.max(1, Math.floor(CHUNK / (inputs * rows.BYTES_PER_ELEMENT)));
  const count = rows.length / inputs;
  for (let from = 0; from < count; from += chunk) {
    signal?.throwIfAborted();
    const to = Math.min(count, from + chunk);
    await learner.feed({
      rows: rows.slice(from * inputs, to * inputs),
      place: Uint32Array.of(from),
    });
  }
}
