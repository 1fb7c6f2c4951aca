/** The scenes of the pages. Pages without a trace of their own stand before Explore's. */
import type { Page } from './pages.ts';
import { bringImages } from './scene/recorded.ts';
import { createScene, type Scene } from './scene/scene.ts';
import { followSelection } from './scene/story.ts';

export const scenes = {
  explore: createScene('explore'),
  clusters: createScene('clusters'),
} as const;

/** The scene that a page shows. */
export const sceneOf = (page: Page): Scene =>
  page === 'unsupervised' ? scenes.clusters : scenes.explore;

/** Lets the scenes answer to what is selected on them; to be called once. */
export function followScenes(): void {
  for (const scene of Object.values(scenes)) followSelection(scene);
}

/** What could not be had when a page was left may be had now. */
export const askAgain = (page: Page): void => void bringImages(sceneOf(page));
