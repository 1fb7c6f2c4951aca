/** Which page is shown, and in which colours. Serialisable, and in the URL. */
import { create } from 'zustand';
import type { Page } from './pages.ts';

export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

export interface ViewState {
  readonly page: Page;
  readonly theme: Theme;
}

export const defaultView: ViewState = { page: 'explore', theme: 'system' };

export const useView = create<ViewState>(() => defaultView);

export const showPage = (page: Page): void => useView.setState({ page });
export const setTheme = (theme: Theme): void => useView.setState({ theme });
