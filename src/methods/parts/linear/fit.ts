/**
 * Trains linear classifiers side by side: the images go through the network once, the features of each classifier go
 * to the worker that owns it, and the classifiers then walk through them, epoch by epoch. A classifier whose worker is
 * lost begins anew, with one more pass for its features.
 */
import type { Split } from '../../../core/dataset.ts';
import type { Arrays } from '../../contract/arrays.ts';
import type { LearnerRef, RemoteLearner } from '../../contract/learner.ts';
import type { RunContext } from '../../contract/run.ts';
import type { Through } from '../../contract/kernel.ts';
import type { Phases } from '../../run/phases.ts';
import { Throttle } from '../../run/trace-buffer.ts';
import { linearLesson, type Linear } from './learner.ts';
import { rowLength, stepsOf, type LinearSettings, type LinearWeights } from './settings.ts';

/** Steps of one request: short enough to be cancelled between two, long enough for the messages not to matter. */
const STEPS = 16;
/** A classifier is begun so often before its losses are called a failure. */
const MOST_ROUNDS = 3;

export interface Apprentice {
  /** Name of its exit. */
  readonly name: string;
  readonly settings: LinearSettings;
  readonly start: LinearWeights;
}

/** Puts features into the rows of classifier `a`: of images `from` on, numbers `column` on. */
export type Feed = (
  a: number,
  from: number,
  column: number,
  rows: Uint16Array,
  labels: Uint8Array,
) => void;

export interface Apprenticeship<Parameters extends Arrays, Result extends Arrays> {
  readonly learner: LearnerRef<Linear>;
  readonly apprentices: readonly Apprentice[];
  readonly split: Split;
  /** The pass that makes the features. */
  readonly pass: Through<Parameters, Result> & { readonly classes: number };
  /** Feeds what a batch of the pass gave. */
  onBatch(from: number, count: number, arrays: Result, feed: Feed): void;
  /** Feeds what is known only when the pass is over. */
  readonly afterPass?: (feed: Feed) => void;
  /** Of the pass and of the training; both are started and ended here. */
  readonly phases: Phases;
  readonly context: Pick<RunContext<never>, 'runner' | 'signal' | 'onTraining'>;
}

/** What came of each classifier: its weights and how many epochs made them; null where there is nothing to use. */
export type Trainees = readonly ({
  readonly weights: LinearWeights;
  readonly epochs: number;
} | null)[];

/**
 * @param onCutShort given what is fitted so far when the training is cancelled or fails, before the promise rejects.
 * @throws Error with a sentence that names the exit and the epoch when a loss is not a number.
 */
export async function trainClassifiers<Parameters extends Arrays, Result extends Arrays>(
  ship: Apprenticeship<Parameters, Result>,
  onCutShort: (trainees: Trainees) => void,
): Promise<LinearWeights[]> {
  const { apprentices, context } = ship;
  const trainees: Trainees[number][] = apprentices.map(() => null);
  let open = apprentices.map((_, a) => a);
  for (let round = 0; open.length > 0; round++) {
    if (round === MOST_ROUNDS)
      throw new Error(
        `The workers that train ${open.map((a) => apprentices[a]!.name).join(', ')} were lost ${MOST_ROUNDS} times. ` +
          'Close other pages to free memory, or choose fewer training images.',
      );
    const problem = await new Round(ship, open, trainees, round === 0).run();
    if (problem !== null || context.signal?.aborted) {
      onCutShort(trainees);
      if (problem !== null) throw problem;
      context.signal!.throwIfAborted();
    }
    open = open.filter((a) => trainees[a] === null);
  }
  return trainees.map((trainee) => trainee!.weights);
}

/** One pass and the training on it, of the classifiers that are still open. */
class Round {
  private readonly learners = new Map<number, RemoteLearner<Linear>>();
  private readonly seen = new Map<number, number>();
  private problem: Error | null = null;

  constructor(
    private readonly ship: Apprenticeship<Arrays, Arrays>,
    private readonly open: readonly number[],
    private readonly trainees: Trainees[number][],
    /** Only the first round is a phase of the plan. */
    private readonly isFirst: boolean,
  ) {}

  /** @returns why the training cannot go on; null when it can. */
  async run(): Promise<Error | null> {
    const { context, phases } = this.ship;
    try {
      await this.hire();
      if (this.isFirst) phases.start();
      await this.pass();
      if (this.isFirst) {
        phases.end();
        phases.start();
      }
      await Promise.all(
        this.open.map(async (a) => {
          this.trainees[a] = await this.train(a);
        }),
      );
      if (this.isFirst && !context.signal?.aborted && !this.problem) phases.end();
      return this.problem;
    } finally {
      for (const learner of this.learners.values()) learner.close();
    }
  }

  /** Opens the learners, so that every place has about the same to do. */
  private async hire(): Promise<void> {
    const { learner, apprentices, context } = this.ship;
    const places = new Array<number>(context.runner.places()).fill(0);
    const length = (a: number) => rowLength(apprentices[a]!.settings);
    const byLength = [...this.open].sort((a, b) => length(b) - length(a));
    await Promise.all(
      byLength.map(async (a) => {
        const place = places.indexOf(Math.min(...places));
        places[place]! += length(a);
        const { settings, start } = apprentices[a]!;
        const lesson = linearLesson(learner, settings, start);
        this.learners.set(a, await context.runner.teach(place, lesson));
      }),
    );
  }

  private async pass(): Promise<void> {
    const { context, split, pass, phases, afterPass } = this.ship;
    const feeding: Promise<void>[] = [];
    const feed: Feed = (a, from, column, rows, labels) => {
      const learner = this.learners.get(a);
      if (!learner || learner.isLost) return;
      // Labels are handed over with the rows, so every classifier gets a copy.
      const place = Uint32Array.of(from, column);
      const fed = learner.feed({ rows, labels: labels.slice(), place }).catch((error: unknown) => {
        if (!learner.isLost) this.problem ??= error as Error;
      });
      feeding.push(fed);
    };
    await context.runner.run({
      ...pass,
      split,
      onBatch: (from, count, arrays) => this.ship.onBatch(from, count, arrays, feed),
      ...(this.isFirst && { onProgress: (done) => phases.report(done) }),
      ...(context.signal && { signal: context.signal }),
    });
    afterPass?.(feed);
    await Promise.all(feeding);
    if (this.problem) throw this.problem as Error;
  }

  /** @returns null when the worker is lost or the loss is not a number. */
  private async train(a: number): Promise<Trainees[number]> {
    const { apprentices, context } = this.ship;
    const { name, settings } = apprentices[a]!;
    const learner = this.learners.get(a)!;
    const throttle = new Throttle();
    let [loss, right, done, steps, isDone] = [0, 0, 0, 0, false];
    try {
      while (!isDone && !context.signal?.aborted && !this.problem) {
        const trained = await learner.train(STEPS);
        ({ steps, isDone } = trained);
        loss += trained.loss;
        right += trained.right;
        done += trained.images;
        const { epoch } = trained;
        if (!Number.isFinite(loss)) {
          this.problem ??= new Error(
            `The loss of the classifier at ${name} is not a number in epoch ${epoch}: its inputs are too large or its ` +
              'weights have run away. The other exits keep what they have learnt.',
          );
          return null;
        }
        const isEpochEnd = done === settings.images;
        if (isEpochEnd || throttle.isDue()) {
          const { epochs, images: total } = settings;
          const means = { loss: loss / done, accuracy: right / done };
          context.onTraining?.({ exit: name, epoch, epochs, done, total, ...means });
          this.report(a, (epoch - 1) * total + done);
        }
        if (isEpochEnd) [loss, right, done] = [0, 0, 0];
      }
      if (steps === 0) return null;
      const { weights, bias, alpha } = await learner.state();
      return {
        weights: { weights, bias, alpha: alpha[0]! },
        epochs: steps / stepsOf(settings),
      };
    } catch (error) {
      if (!learner.isLost) throw error;
      return null;
    }
  }

  private report(a: number, images: number): void {
    this.seen.set(a, images);
    let sum = 0;
    for (const of of this.seen.values()) sum += of;
    if (this.isFirst) this.ship.phases.report(sum / this.open.length);
  }
}

/** The training steps of linear classifiers against a pass through the network, image for image: a first guess. */
export const TRAINING_EFFORT = 0.03;
