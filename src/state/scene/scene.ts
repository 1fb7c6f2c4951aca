/**
 * A scene: traces, a policy over them, and all that follows, with stores of its own. Two scenes have nothing in common,
 * so each can stand on a page, or beside another one.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Owner } from '../lease/owner.ts';
import { Lane } from './attempt.ts';
import { emptyShown, type Shown } from './derive.ts';
import { idle, type Run } from './run.ts';
import { noSearches, type SearchState } from './searches.ts';
import { defaultSelection, type Selection } from './selection.ts';
import { replayer } from './replayer.ts';
import type { ShowsTraces } from './shown.ts';
import { noStory, type StoryState } from './story.ts';

/** What a scene's stores hold. */
export interface SceneState {
  readonly run: Run;
  readonly shown: Shown;
  readonly selection: Selection;
  readonly searches: SearchState;
  readonly story: StoryState;
}

type Stores = { readonly [Name in keyof SceneState]: StoreApi<SceneState[Name]> };

export interface Scene extends Stores, ShowsTraces {
  readonly id: Owner;
  /** Runs and replays: the latest counts. */
  readonly work: Lane;
  /** Searches for thresholds of the traces of now. */
  readonly searching: Lane;
  /** The images behind a recorded run. */
  readonly picturing: Lane;
}

/** @param given what its stores hold at first, where that is not nothing. */
export function createScene(id: Owner, given: Partial<SceneState> = {}): Scene {
  return {
    id,
    run: createStore(() => given.run ?? idle),
    shown: createStore(() => given.shown ?? emptyShown),
    selection: createStore(() => given.selection ?? defaultSelection),
    searches: createStore(() => given.searches ?? noSearches),
    story: createStore(() => given.story ?? noStory),
    ...replayer(),
    work: new Lane(id),
    searching: new Lane(id, 'searches'),
    picturing: new Lane(id, 'pictures'),
  };
}
