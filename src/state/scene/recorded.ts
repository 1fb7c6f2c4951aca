/** Puts a recorded run on screen: test first, then the training images that thresholds are chosen on, then the images. */
import type { RecordedRun } from '../../core/run-index.ts';
import type { Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import type { NetworkCard } from '../../network/card.ts';
import { imagesOfRun } from '../lease/images.ts';
import { notify, sentenceOf } from '../notices.ts';
import { cardOf, fingerprintsFor, recordedTrace } from '../lease/runs.ts';
import { useSession } from './run.ts';

const { setState: set } = useSession;

export interface ReplaySteps {
  /** The run can be had: what was on screen gives way. */
  readonly onFound: () => void;
  readonly onTest: (trace: Trace) => void;
  readonly onTrain: (trace: Trace) => void;
  /** Where the network's card is; null where a run has none of its own. Default: by the run's network. */
  readonly card?: Promise<NetworkCard | null>;
}

export async function replayRecorded(
  recorded: RecordedRun,
  signal: AbortSignal,
  { onFound, onTest, onTrain, card: from = cardOf(recorded.network) }: ReplaySteps,
): Promise<void> {
  const training = recordedTrace(recorded, 'train');
  const [test, card] = await Promise.all([recordedTrace(recorded, 'test'), from]);
  signal.throwIfAborted();
  onFound();
  set({ recorded, dataset: null, network: null, card, report: null });
  set({ training: [], cutShort: false, loading: null });
  onTest(test);
  const train = await training;
  signal.throwIfAborted();
  onTrain(train);
  set({ status: 'replayed' });
  void bringImages(recorded, signal);
}

/** The images behind a recorded run, where they can be had: the page does without them until then. */
async function bringImages(recorded: RecordedRun, signal: AbortSignal): Promise<void> {
  try {
    const order = await fingerprintsFor(recorded);
    const dataset = order && !signal.aborted && (await imagesOfRun(recorded, order, signal));
    if (!dataset || signal.aborted) return;
    set({ dataset });
    if (dataset.note) notify('note', dataset.note);
  } catch (error) {
    if (!isAbort(error)) notify('note', sentenceOf(error));
  }
}
