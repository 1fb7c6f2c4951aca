/** A page as a value: what the bar, the title, the link and the app need to know of it. */
import type { ComponentType } from 'react';
import type { Shown } from '../state/scene/derive.ts';
import type { Scene } from '../state/scene/scene.ts';
import type { Page } from '../state/pages.ts';
import type { Viewed } from '../state/provenance/facts.ts';

export interface PageView {
  readonly id: Page;
  /** In the bar. */
  readonly name: string;
  /** Of the window. */
  readonly title: string;
  /** What it draws; of pages other than the first, a function that fetches it when the page is opened. */
  readonly parts: PageParts | (() => Promise<PageParts>);
}

export interface PageParts {
  readonly Body: ComponentType;
  /** Its choices in the bar. */
  readonly Choices: ComponentType | null;
  readonly exports: readonly Export[];
  /** What else it has at the end of the bar. */
  readonly Tool?: ComponentType;
  /** What it shows, for whoever cites it; a page without shows its scene. */
  readonly viewed?: (scene: Scene) => Viewed;
}

/** Something that can be taken away as a file. */
export interface Export {
  readonly label: string;
  /** Whether there is anything yet. */
  readonly isThere: (state: Shown) => boolean;
  readonly take: (scene: Scene) => void | Promise<void>;
}
