/** Opened traces that wait for an answer, and addresses of a link that wait to be opened. */
import { create } from 'zustand';
import type { ConfidenceChoice } from '../../core/confidence/choice.ts';
import type { Draft } from '../../data/traces/draft.ts';
import type { OpenedTrace } from '../../data/traces/open.ts';
import type { OpenedRun } from '../../data/traces/runs.ts';

/** Runs of which no file says how their confidences are held against thresholds. */
export interface Question {
  readonly runs: readonly OpenedRun[];
  readonly addresses: readonly string[] | null;
}

/** Files of arrays or tables, of which a person has to say what they are. */
export interface Asked {
  readonly draft: Draft;
  /** Traces that came with them and need no answer. */
  readonly traces: readonly OpenedTrace[];
  /** To read them again with others; none where a link named them. */
  readonly files: readonly File[];
  readonly addresses: readonly string[] | null;
  /** What they are has been said, and they are about to be shown. */
  readonly isAnswered: boolean;
}

export interface Waiting {
  readonly asked: Asked | null;
  readonly question: Question | null;
  /** Of a link, until Explore has opened them; null when none wait. */
  readonly linked: readonly string[] | null;
  /** The confidence under which the link showed them. */
  readonly linkedChoice: ConfidenceChoice | null;
}

export const useWaiting = create<Waiting>(() => ({
  ...{ asked: null, question: null, linked: null, linkedChoice: null },
}));

/** The form of what has been answered goes; one that is still to be answered stays. */
export function closeAnswered(): void {
  if (useWaiting.getState().asked?.isAnswered) useWaiting.setState({ asked: null });
}
