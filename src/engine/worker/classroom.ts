/** The learners of a worker: each answers one call after the other, and frees what it holds when it is forgotten. */
import type { Learner, Lesson } from '../../methods/contract/learner.ts';
import { findLearner } from './halves.ts';

interface Desk {
  readonly learner: Learner;
  /** Settles when the last call has. */
  turn: Promise<unknown>;
}

export class Classroom {
  private readonly desks = new Map<number, Desk>();

  /** @throws Error with a sentence when there is no such learner, or it refuses the lesson. */
  async open(id: number, { learner: ref, settings, parameters, network }: Lesson): Promise<void> {
    const found = await findLearner(ref);
    const learner = await found.open(settings, parameters, network);
    this.desks.set(id, { learner, turn: Promise.resolve() });
  }

  call<Result>(id: number, work: (learner: Learner) => Result | Promise<Result>): Promise<Result> {
    const desk = this.desks.get(id);
    if (!desk) return Promise.reject(new Error(`Learner ${id} is not open in this worker.`));
    const turn = desk.turn.then(() => work(desk.learner));
    desk.turn = turn.catch(() => undefined);
    return turn;
  }

  async close(id: number): Promise<void> {
    const desk = this.desks.get(id);
    this.desks.delete(id);
    await desk?.turn;
    desk?.learner.dispose?.();
  }
}
