/** The scene that a panel stands in: given by the page, or by whoever looks at a panel alone. */
import { createContext, use } from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { Trace } from '../../core/trace.ts';
import { headOf } from '../../data/traces/runs.ts';
import { isBusy } from '../../state/scene/run.ts';
import type { Scene, SceneState } from '../../state/scene/scene.ts';

export const SceneContext = createContext<Scene | null>(null);

/** @throws Error where nobody gave one. */
export function useScene(): Scene {
  const scene = use(SceneContext);
  if (!scene)
    throw new Error('A panel stands outside of a scene; expected a SceneContext around it.');
  return scene;
}

/** Reads one store of the scene at hand; a panel is drawn anew when what it selects is another value. */
const reads =
  <Name extends keyof SceneState>(name: Name) =>
  <Selected>(select: (state: SceneState[Name]) => Selected): Selected =>
    useStore(useScene()[name] as StoreApi<SceneState[Name]>, select);

export const useRun = reads('run');
export const useShown = reads('shown');
export const useSelection = reads('selection');
export const useSearches = reads('searches');
export const useStory = reads('story');

/** Whether images of the trace on screen still come: what is of all of them waits. */
export function useIsComing(): boolean {
  const isRunning = useRun(isBusy);
  const isPartial = useShown(({ trace }) => trace !== null && trace.count < trace.total);
  return isRunning && isPartial;
}

/** What an opened trace says that it is of; null when none is on screen. */
export function useOpenedHead(): Trace | null {
  const opened = useRun((state) => state.opened);
  const run = opened?.runs[opened.at];
  return run ? headOf(run) : null;
}
