/** Which page is shown, and in which colours. Serialisable, and in the URL. */
import { create } from 'zustand';
import type { Page } from './pages.ts';

export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** A part of a page that can stand alone in a frame on another page. */
export type PanelName = 'curve' | 'rail' | 'map' | 'image';
export const panelNames: readonly PanelName[] = ['curve', 'rail', 'map', 'image'];

export interface ViewState {
  readonly page: Page;
  readonly theme: Theme;
  /** Whether it stands in a frame on another page, without the bar. */
  readonly embed: '1' | null;
  /** The one panel that is shown there; null for the whole page. */
  readonly panel: PanelName | null;
}

export const defaultView: ViewState = {
  page: 'explore',
  theme: 'system',
  embed: null,
  panel: null,
};

export const useView = create<ViewState>(() => defaultView);

export const showPage = (page: Page): void => useView.setState({ page });
export const setTheme = (theme: Theme): void => useView.setState({ theme });
