/** What a person has chosen on the Paper page. Serialisable, and in the URL. */
import { create } from 'zustand';
import { step } from '../address/steps.ts';
import type { RecordedRun, SearchName } from '../../core/run-index.ts';
import { notify } from '../notices.ts';

export interface PaperChoices {
  /** Whose thresholds count: the paper's search as in the paper, or the exact one. */
  readonly search: SearchName;
  /** Id of the run in Figure 1; null for the first that fits. */
  readonly figureRun: string | null;
  /** Exits in Figure 1; null for those of the rule. */
  readonly figureExits: readonly number[] | null;
}

export const defaultPaper: PaperChoices = { search: 'paper', figureRun: null, figureExits: null };

export const usePaperChoices = create<PaperChoices>(() => defaultPaper);

const { getState: get, setState: set } = usePaperChoices;

export function chooseSearch(search: SearchName): void {
  step();
  set({ search });
}

/** Another run brings its own exits. */
export function chooseFigureRun(figureRun: string): void {
  step();
  set({ figureRun, figureExits: null });
}

export const chooseFigureExits = (figureExits: readonly number[] | null): void =>
  set({ figureExits });

/**
 * Drops what a link chose and the recorded runs do not have, each with a sentence.
 * @param runs those that Figure 1 can show, the one that it shows by itself first.
 * @param matrices how many exits Figure 1 shows of a network with so many.
 */
export function keepToRuns(
  runs: readonly Pick<RecordedRun, 'id' | 'exits' | 'network'>[],
  matrices: (exits: number) => number,
): void {
  const { figureRun, figureExits } = get();
  const named = runs.find(({ id }) => id === figureRun);
  if (figureRun !== null && !named) {
    notify('note', `No recorded run “${figureRun}” is here for Figure 1; the first one is shown.`);
    set({ figureRun: null, figureExits: null });
    return;
  }
  const run = named ?? runs[0];
  if (!run || !figureExits) return;
  const { length } = run.exits;
  const most = matrices(length);
  if (figureExits.length === most && figureExits.every((exit) => exit < length)) return;
  notify(
    'note',
    `The link's exits for Figure 1 are ${figureExits.join(', ')}; expected ${most} from 0 to ${length - 1} for ` +
      `${run.network}. Those of the rule are shown.`,
  );
  set({ figureExits: null });
}
