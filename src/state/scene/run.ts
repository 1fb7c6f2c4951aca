/** What is on screen and how it came there: recorded, or computed by the engine; what is running, and how far it is. */
import type { StoreApi } from 'zustand';
import type { Dataset } from '../../core/dataset.ts';
import type { RecordedRun } from '../../core/run-index.ts';
import type { LoadedNetwork, Progress, RunResult, Training } from '../../engine/client/types.ts';
import type { MethodId } from '../../methods/registry.ts';
import type { NetworkCard } from '../../network/card.ts';
import type { Opened } from '../traces/opened.ts';

export interface Run {
  readonly status: 'idle' | 'loading' | 'running' | 'done' | 'replayed' | 'cancelled' | 'failed';
  /** What is being loaded, in words; null when nothing is. */
  readonly loading: string | null;
  readonly progress: Progress | null;
  /** What is computed or was; null before anything was. Of training images 0 are all there are. */
  readonly computes: { readonly method: MethodId; readonly trainImages: number } | null;
  /** The recorded run on screen; null when what is on screen was computed here. */
  readonly recorded: RecordedRun | null;
  /** Where what is on screen was opened from; null when it was not opened by a person. */
  readonly opened: Opened | null;
  /** The images on screen, in the order of the traces; of a recorded run null until they are had, if they can be. */
  readonly dataset: Dataset | null;
  /** The network that computed what is on screen; null for a recorded run. */
  readonly network: LoadedNetwork | null;
  /** The card of the network on screen. */
  readonly card: NetworkCard | null;
  readonly report: RunResult['report'] | null;
  /** How the training of every exit's classifier goes or went; empty when nothing is trained. */
  readonly training: readonly TrainingState[];
  /** Whether a run that was stopped has learnt something that images can still be traced with. */
  readonly canTrace: boolean;
  /** Whether what the recorded run on screen had learnt was learnt once more here, so that single images can be looked at. */
  readonly relearnt: boolean;
  /** Whether what is on screen was traced with the classifiers of a training that was stopped. */
  readonly cutShort: boolean;
}

/** The training of one exit's classifier. */
export interface TrainingState extends Training {
  /** Of every epoch that has ended. */
  readonly history: readonly Pick<Training, 'loss' | 'accuracy'>[];
}

export const idle: Run = {
  status: 'idle',
  loading: null,
  progress: null,
  computes: null,
  recorded: null,
  opened: null,
  dataset: null,
  network: null,
  card: null,
  report: null,
  training: [],
  canTrace: false,
  relearnt: false,
  cutShort: false,
};

export const isBusy = ({ status }: Pick<Run, 'status'>): boolean =>
  status === 'loading' || status === 'running';

/** Notes how far the training of an exit's classifier is. */
export function learn(run: StoreApi<Run>, training: Training): void {
  const { exit, epoch, done, total, loss, accuracy } = training;
  const states = run.getState().training;
  // A classifier that begins anew, after a lost worker, overwrites what it had.
  const before = states.find((state) => state.exit === exit)?.history.slice(0, epoch - 1) ?? [];
  const history = done < total ? before : [...before, { loss, accuracy }];
  const state: TrainingState = { ...training, history };
  run.setState({
    training: states.some((other) => other.exit === exit)
      ? states.map((other) => (other.exit === exit ? state : other))
      : [...states, state],
  });
}
