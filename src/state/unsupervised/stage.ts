/**
 * Explore and Unsupervised share the stores of what is on screen; one of the two is on stage. What the other one had is kept
 * and comes back as it was. Compare and Paper leave the stage alone.
 */
import { useExplore, type ExploreState } from '../scene/shown.ts';
import { resumeSearches, stopSearches } from '../scene/searches.ts';
import { enterExplore, leaveExplore } from '../explore/run.ts';
import { useSession, type SessionState } from '../scene/run.ts';
import { forgetStory } from '../scene/story.ts';
import type { Page } from '../pages.ts';
import { useView, type ViewState } from '../view.ts';
import { enterClusters, leaveClusters } from './run.ts';

type Stage = 'explore' | 'unsupervised';

interface Scene {
  readonly explore: ExploreState;
  readonly session: SessionState;
  readonly view: Pick<ViewState, 'image' | 'cell' | 'truth' | 'enlarged'>;
}

const empty: Scene = scene();
let onStage: Stage = 'explore';
const kept = new Map<Stage, Scene>();

const isStage = (page: Page): page is Stage => page === 'explore' || page === 'unsupervised';

/** Shows on Explore and Unsupervised what is theirs, from now on; to be called once. */
export function followStage(): void {
  const { page } = useView.getState();
  if (isStage(page)) {
    onStage = page;
    enter(page);
  }
  useView.subscribe(({ page: next }, before) => {
    if (next === before.page || !isStage(next)) return;
    if (next !== onStage) change(next);
    enter(next);
  });
}

const enter = (stage: Stage): void => (stage === 'explore' ? enterExplore() : enterClusters());

function change(next: Stage): void {
  if (onStage === 'explore') leaveExplore();
  else leaveClusters();
  stopSearches();
  forgetStory();
  kept.set(onStage, scene());
  onStage = next;
  const { explore, session, view } = kept.get(next) ?? empty;
  const { split, chosen } = useExplore.getState();
  // A split and a curve chosen on one page are meant for the other one, too, where it has not been shown yet.
  useExplore.setState(kept.has(next) ? explore : { ...explore, split, chosen }, true);
  useSession.setState({ ...session, backend: useSession.getState().backend });
  useView.setState(view);
  if (kept.has(next)) void resumeSearches();
}

function scene(): Scene {
  const session = useSession.getState();
  const { image, cell, truth, enlarged } = useView.getState();
  const { curves, ...explore } = useExplore.getState();
  // A search that was stopped half-way begins anew.
  const whole = Object.fromEntries(Object.entries(curves).filter(([, curve]) => curve.done === 1));
  return {
    explore: { ...explore, curves: whole },
    session,
    view: { image, cell, truth, enlarged },
  };
}
