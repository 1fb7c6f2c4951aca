/** A scene that was not run: from traces at hand, for a panel that is looked at alone. It needs no engine and asks for none. */
import type { Trace } from '../../core/trace.ts';
import { withTrace, type Change } from './changes.ts';
import { derive, emptyShown } from './derive.ts';
import { idle, type Run } from './run.ts';
import { createScene, type Scene, type SceneState } from './scene.ts';
import { noSearches } from './searches.ts';
import { defaultSelection } from './selection.ts';
import { noStory } from './story.ts';

/** What a fixture has beside its traces; what is not named is as in a scene that shows a finished run. */
export interface FixtureState {
  readonly shown?: Change;
  readonly run?: Partial<Run>;
  readonly selection?: Partial<SceneState['selection']>;
  readonly searches?: Partial<SceneState['searches']>;
  readonly story?: Partial<SceneState['story']>;
}

/**
 * @param traces of one run, a split each; none for a scene before anything is there.
 * @param id whose panels it is for: some words differ between classes and clusters.
 */
export function fixtureScene(
  traces: readonly Trace[],
  { shown = {}, run, selection, searches, story }: FixtureState = {},
  id: Scene['id'] = 'fixture',
): Scene {
  const taken = traces.reduce((state, trace) => derive(state, withTrace(state, trace)), emptyShown);
  return createScene(id, {
    shown: derive(taken, shown),
    run: { ...idle, status: traces.length > 0 ? 'done' : 'idle', ...run },
    selection: { ...defaultSelection, ...selection },
    searches: { ...noSearches, ...searches },
    story: { ...noStory, ...story },
  });
}
