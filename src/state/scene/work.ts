/** Attempts at showing something on a scene: their status, their end and what is said of it, for every page alike. */
import type { Owner } from '../lease/owner.ts';
import { mayPass, notify, sentenceOf } from '../notices.ts';
import { attempt, type Attempt, type End } from './attempt.ts';
import type { Run } from './run.ts';
import type { Scene } from './scene.ts';
import { searchAll, stopSearches } from './searches.ts';
import { withoutAbsent } from './selection.ts';

const TAKERS: Readonly<Record<Owner, string>> = {
  explore: 'other work of its page',
  race: 'a race',
  clusters: 'a clustering',
  fixture: 'something else',
};

/** What is said when another owner took the engine. */
const TAKEN: Readonly<Partial<Record<Owner, (by: Owner) => string>>> = {
  explore: (by) =>
    `Explore’s run ended because ${TAKERS[by]} began. What it had stays; run it again there.`,
  clusters: () => 'The clustering was stopped: the engine was wanted elsewhere. It can go on.',
};

/**
 * Makes an attempt; whatever ran on the scene before is cancelled, and stays on screen until this has something to show.
 * @param begin what the scene says while it begins.
 * @param ended what else follows when it was stopped, failed, or lost the engine, and no later one has begun.
 */
export function workOn(
  scene: Scene,
  begin: Pick<Run, 'status' | 'loading'> & Partial<Run>,
  steps: (mine: Attempt) => Promise<void>,
  ended: (end: End, mine: Attempt) => void | Promise<void>,
): Promise<void> {
  stopSearches(scene);
  scene.run.setState({ progress: null, canTrace: false, ...begin });
  return attempt(
    scene.work,
    async (mine) => {
      await steps(mine);
      mine.write(() => {
        dropWhatIsNotThere(scene);
        void searchAll(scene);
      });
    },
    async (end, mine) => {
      const { error, by } = end;
      scene.run.setState({
        ...{ loading: null, progress: null },
        status: error === null ? 'cancelled' : 'failed',
      });
      if (by) notify('note', TAKEN[scene.id]?.(by) ?? 'The engine was wanted elsewhere.');
      const again = () => void workOn(scene, begin, steps, ended);
      if (error !== null)
        notify(
          'error',
          sentenceOf(error),
          mayPass(error) ? { label: 'Try again', act: again } : null,
        );
      // What was stopped after its training images still has a trace to tune on.
      void searchAll(scene);
      await ended(end, mine);
    },
  );
}

/** A link may point at an image, a cell or a class that this run does not have. */
function dropWhatIsNotThere({ shown, selection }: Scene): void {
  const { trace } = shown.getState();
  if (!trace) return;
  const { change, sentences } = withoutAbsent(selection.getState(), trace);
  if (sentences.length === 0) return;
  selection.setState(change);
  for (const sentence of sentences) notify('note', sentence);
}

/** Stops what a person sees running; the traces so far stay on screen. */
export function stopWork({ work, run }: Scene, status: Run['status'] = 'cancelled'): void {
  work.stop();
  run.setState({ status, loading: null, progress: null });
}
