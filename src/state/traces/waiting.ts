/** Opened traces that wait for an answer, and addresses of a link that wait to be opened. */
import { create } from 'zustand';
import type { OpenedRun } from '../../data/traces/runs.ts';

/** Runs of which no file says how their confidences are held against thresholds. */
export interface Question {
  readonly runs: readonly OpenedRun[];
  readonly addresses: readonly string[] | null;
}

export interface Waiting {
  readonly question: Question | null;
  /** Of a link, until Explore has opened them; null when none wait. */
  readonly linked: readonly string[] | null;
}

export const useWaiting = create<Waiting>(() => ({ question: null, linked: null }));
