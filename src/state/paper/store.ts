/** What the Paper page has loaded. */
import { create } from 'zustand';
import type { RecordedRun } from '../../core/run-index.ts';
import type { Trace } from '../../core/trace.ts';
import { networks } from '../../network/catalogue.ts';
import type { NetworkCard } from '../../network/card.ts';
import { sentenceOf } from '../notices.ts';
import { cardOf, loadAllRuns, recordedTrace } from '../lease/runs.ts';
import { keepToRuns } from './choices.ts';
import type { Cards } from './conditions.ts';
import { figure1Runs, sixExits } from './figure1.ts';

export interface PaperState {
  /** Cards of the networks that have runs. */
  readonly cards: Cards;
  /** Training trace for Figure 1, and the id of the run that it is of. */
  readonly figureTrace: { readonly run: string; readonly trace: Trace } | null;
  /** Id of the run that Figure 1 was asked to show last. */
  readonly figureAsked: string | null;
  /** Why there is none, as a sentence. */
  readonly figureProblem: string | null;
}

export const usePaper = create<PaperState>(() => ({
  cards: {},
  figureTrace: null,
  figureAsked: null,
  figureProblem: null,
}));

const { setState: set, getState: get } = usePaper;

/** Loads the training trace that Figure 1 counts; the last run that was asked for wins. */
export async function loadFigureTrace(run: RecordedRun): Promise<void> {
  set({ figureAsked: run.id });
  const settle = (change: Partial<PaperState>): void => {
    if (get().figureAsked === run.id) set(change);
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
  if (index) keepToRuns(figure1Runs(index), (exits) => sixExits(exits).length);
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
