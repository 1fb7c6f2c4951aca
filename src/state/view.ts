/** How the page looks at a trace: theme, the selected image, filters and order. Serialisable, and in the URL. */
import { create } from 'zustand';
import type { Population } from '../core/confusion.ts';
import type { Page } from './pages.ts';

export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

export type Order = 'index' | 'confidence' | 'difficulty';
export const orders: readonly Order[] = ['index', 'confidence', 'difficulty'];

export type Verdict = 'all' | 'right' | 'wrong';
export const verdicts: readonly Verdict[] = ['all', 'right', 'wrong'];

export const populations: readonly Population[] = ['all', 'arriving', 'leaving'];

/** A cell of the confusion matrix of one exit. */
export interface Cell {
  readonly exit: number;
  readonly truth: number;
  readonly predicted: number;
}

export interface ViewState {
  /** Pages share the stores; one is shown. */
  readonly page: Page;
  readonly theme: Theme;
  /** Index of the selected image in the split on screen. */
  readonly image: number | null;
  /** Show only the images in this cell. */
  readonly cell: Cell | null;
  /** Show only images of this true class. */
  readonly truth: number | null;
  readonly verdict: Verdict;
  readonly order: Order;
  readonly population: Population;
  /** Exit whose matrix is enlarged. */
  readonly enlarged: number | null;
}

export const defaultView: Omit<ViewState, 'enlarged'> = {
  page: 'explore',
  theme: 'system',
  image: null,
  cell: null,
  truth: null,
  verdict: 'all',
  order: 'index',
  population: 'all',
};

export const useView = create<ViewState>(() => ({ ...defaultView, enlarged: null }));

const { setState: set } = useView;

export const showPage = (page: Page): void => set({ page });
export const setTheme = (theme: Theme): void => set({ theme });
export const selectImage = (image: number | null): void => set({ image });
export const filterByCell = (cell: Cell | null): void => set({ cell });
export const filterByTruth = (truth: number | null): void => set({ truth });
export const filterByVerdict = (verdict: Verdict): void => set({ verdict });
export const sortBy = (order: Order): void => set({ order });
export const countIn = (population: Population): void => set({ population });
export const enlarge = (enlarged: number | null): void => set({ enlarged });

/** Drops whatever points into a trace: another one has come. */
export function clearSelection(): void {
  set({ image: null, cell: null, truth: null, enlarged: null });
}
