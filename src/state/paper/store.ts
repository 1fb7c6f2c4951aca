/** What the Paper page has loaded, and what a person has chosen on it. */
import { create } from 'zustand';
import type { SearchName } from '../../core/run-index.ts';
import type { NetworkCard } from '../../network/card.ts';
import { cardOf, loadRuns } from '../runs.ts';
import type { Cards } from './conditions.ts';

export interface PaperState {
  /** Whose thresholds count: the paper's search as in the paper, or the exact one. */
  readonly search: SearchName;
  /** Cards of the networks that have runs. */
  readonly cards: Cards;
  /** Id of the run in Figure 1; null for the first that fits. */
  readonly figureRun: string | null;
  /** Exits in Figure 1; null for those of the rule. */
  readonly figureExits: readonly number[] | null;
}

export const usePaper = create<PaperState>(() => ({
  search: 'paper',
  cards: {},
  figureRun: null,
  figureExits: null,
}));

const { setState: set, getState: get } = usePaper;

export const chooseSearch = (search: SearchName): void => set({ search });

/** Another run brings its own exits. */
export const chooseFigureRun = (figureRun: string): void => set({ figureRun, figureExits: null });

export const chooseFigureExits = (figureExits: readonly number[] | null): void =>
  set({ figureExits });

/** Loads the index of runs and the cards of the networks in it; a card that cannot be had is left out. */
export async function loadPaper(): Promise<void> {
  const index = await loadRuns();
  if (!index) return;
  const ids = [...new Set(index.runs.map(({ network }) => network))];
  const missing = ids.filter((id) => !get().cards[id]);
  const loaded = await Promise.allSettled(missing.map(cardOf));
  const cards: Record<string, NetworkCard> = { ...get().cards };
  loaded.forEach((result, n) => {
    if (result.status === 'fulfilled') cards[missing[n]!] = result.value;
  });
  set({ cards });
}
