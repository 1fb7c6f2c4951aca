/** What the Paper page has loaded, and what a person has chosen on it. */
import { create } from 'zustand';
import type { RecordedRun, SearchName } from '../../core/run-index.ts';
import type { Trace } from '../../core/trace.ts';
import { networks } from '../../network/catalogue.ts';
import type { NetworkCard } from '../../network/card.ts';
import { sentenceOf } from '../notices.ts';
import { cardOf, loadAllRuns, recordedTrace } from '../runs.ts';
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
  /** Training trace for Figure 1, and the id of the run that it is of. */
  readonly figureTrace: { readonly run: string; readonly trace: Trace } | null;
  /** Why there is none, as a sentence. */
  readonly figureProblem: string | null;
}

export const usePaper = create<PaperState>(() => ({
  search: 'paper',
  cards: {},
  figureRun: null,
  figureExits: null,
  figureTrace: null,
  figureProblem: null,
}));

const { setState: set, getState: get } = usePaper;

export const chooseSearch = (search: SearchName): void => set({ search });

/** Another run brings its own exits. */
export const chooseFigureRun = (figureRun: string): void => set({ figureRun, figureExits: null });

export const chooseFigureExits = (figureExits: readonly number[] | null): void =>
  set({ figureExits });

let figureRun = '';

/** Loads the training trace that Figure 1 counts; the last run that was asked for wins. */
export async function loadFigureTrace(run: RecordedRun): Promise<void> {
  figureRun = run.id;
  const settle = (change: Partial<PaperState>): void => {
    if (figureRun === run.id) set(change);
  };
  settle({ figureTrace: null, figureProblem: null });
  try {
    settle({ figureTrace: { run: run.id, trace: await recordedTrace(run, 'train') } });
  } catch (error) {
    settle({ figureProblem: sentenceOf(error) });
  }
}

/** Loads the index of runs and the cards of all trained networks; a card that cannot be had is left out. */
export async function loadPaper(): Promise<void> {
  const index = await loadAllRuns();
  const trained = networks.filter(({ weights }) => weights !== 'none').map(({ id }) => id);
  const ids = [...new Set([...trained, ...(index?.runs ?? []).map(({ network }) => network)])];
  const missing = ids.filter((id) => !get().cards[id]);
  const loaded = await Promise.allSettled(missing.map(cardOf));
  const cards: Record<string, NetworkCard> = { ...get().cards };
  loaded.forEach((result, n) => {
    if (result.status === 'fulfilled') cards[missing[n]!] = result.value;
  });
  set({ cards });
}
