/** Trains the decision functions of all λ, shared out over the workers. */
import type { RemoteLearner } from '../contract/learner.ts';
import type { RunContext } from '../contract/run.ts';
import type { Phases } from '../run/phases.ts';
import { own } from './own.ts';
import type { Decided, DecisionData } from './decisions.ts';

/** A learner's λ are begun so often before its losses are called a failure. */
const MOST_ROUNDS = 3;

export interface DecisionLesson {
  readonly data: DecisionData;
  readonly lambdas: readonly number[];
  /** Counts `data.images` when all are trained; started and ended here. */
  readonly phases: Phases;
  readonly context: Pick<RunContext<never>, 'runner' | 'signal'>;
}

/**
 * @returns float64 [λ, exits, width + 1].
 * @throws AbortError; Error with a sentence when workers keep dying.
 */
export async function fitDecisions(lesson: DecisionLesson): Promise<Float64Array> {
  const { data, lambdas, phases, context } = lesson;
  const size = data.exits * (data.width + 1);
  const decisions = new Float64Array(lambdas.length * size);
  const places = Math.min(lambdas.length, context.runner.places());
  const done = new Array<number>(places).fill(0);
  phases.start();
  await Promise.all(
    done.map(async (_, place) => {
      // Every places-th λ, since large ones take longer.
      const mine = lambdas.map((_, l) => l).filter((l) => l % places === place);
      const found = await trainAt(lesson, place, mine, (steps) => {
        done[place] = steps;
        const sum = done.reduce((a, b) => a + b, 0);
        phases.report(Math.floor((sum / (lambdas.length * data.exits)) * data.images));
      });
      mine.forEach((l, m) => decisions.set(found.subarray(m * size, (m + 1) * size), l * size));
    }),
  );
  phases.end();
  return decisions;
}

async function trainAt(
  { data, lambdas, context: { runner, signal } }: DecisionLesson,
  place: number,
  mine: readonly number[],
  onSteps: (steps: number) => void,
): Promise<Float64Array> {
  const { images, exits, width, cost } = data;
  const of = Float64Array.from(mine, (l) => lambdas[l]!);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const learner = await runner.teach(place, {
      learner: own.learner('decisions'),
      settings: { images, exits, width },
      parameters: { lambdas: of, cost: cost.slice() },
    });
    try {
      // The learner gets copies: should its worker be lost, the next one gets them again.
      return await walk(
        learner,
        { features: data.features.slice(), excess: data.excess.slice() },
        onSteps,
        signal,
      );
    } catch (error) {
      if (!learner.isLost) throw error;
    } finally {
      learner.close();
    }
  }
  throw new Error(
    `The worker that trains decision functions was lost ${MOST_ROUNDS} times. ` +
      'Close other pages to free memory, or choose fewer training images.',
  );
}

async function walk(
  learner: RemoteLearner<Decided>,
  arrays: Decided['feed'],
  onSteps: (steps: number) => void,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  await learner.feed(arrays);
  for (let isDone = false; !isDone;) {
    signal?.throwIfAborted();
    const trained = await learner.train(1);
    ({ isDone } = trained);
    onSteps(trained.steps);
  }
  return (await learner.state()).decisions;
}
