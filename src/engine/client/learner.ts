/** A learner in a worker, as a method sees it. */
import type { LearnerTypes, Lesson, RemoteLearner } from '../../methods/contract/learner.ts';
import { buffersOf } from '../../wire/buffers.ts';
import { WorkerLost, type Connection } from './connection.ts';

/**
 * @param onLoss told once when a call finds the worker lost.
 * @returns a lost learner when the worker dies while it opens; its calls then reject.
 * @throws Error with the learner's sentence when it refuses the lesson.
 */
export async function openLearner<Of extends LearnerTypes>(
  connection: Connection,
  learner: number,
  lesson: Lesson<Of>,
  onLoss: (reason: string) => void,
): Promise<RemoteLearner<Of>> {
  let isLost = false;
  const watched = <Result>(call: Promise<Result>): Promise<Result> =>
    call.catch((error: unknown) => {
      if (error instanceof WorkerLost && !isLost) {
        isLost = true;
        onLoss(error.message);
      }
      throw error;
    });
  await watched(connection.call('learn', { learner, lesson })).catch((error: unknown) => {
    if (!isLost) throw error;
  });
  return {
    get isLost() {
      return isLost || connection.isDead;
    },
    feed: async (arrays) => {
      await watched(connection.call('feed', { learner, arrays }, { transfer: buffersOf(arrays) }));
    },
    train: (steps) => watched(connection.call('train', { learner, steps })),
    state: () => watched(connection.call('state', { learner })),
    look: (question) => watched(connection.call('look', { learner, question })),
    close: () => void connection.call('forget', { learner }).catch(() => undefined),
  };
}
