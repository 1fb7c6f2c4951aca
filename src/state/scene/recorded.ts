/** Puts a recorded run on screen: test first, then the training images that thresholds are chosen on, then the images. */
import type { RecordedRun } from '../../core/run-index.ts';
import type { Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import type { NetworkCard } from '../../network/card.ts';
import { requestOfRun } from '../lease/images.ts';
import { cardOf, fingerprintsFor, recordedTrace } from '../lease/runs.ts';
import { notify, sentenceOf } from '../notices.ts';
import type { Attempt } from './attempt.ts';
import type { Scene } from './scene.ts';
import { nextTurn } from './turn.ts';

export interface ReplaySteps {
  /** The run can be had: what was on screen gives way. */
  readonly onFound: () => void;
  readonly onTest: (trace: Trace) => void;
  readonly onTrain: (trace: Trace) => void;
  /** Where the network's card is; null where a run has none of its own. Default: by the run's network. */
  readonly card?: Promise<NetworkCard | null>;
}

export async function showRecorded(
  scene: Scene,
  recorded: RecordedRun,
  { signal }: Attempt,
  { onFound, onTest, onTrain, card: from = cardOf(recorded.network) }: ReplaySteps,
): Promise<void> {
  const { run } = scene;
  const training = recordedTrace(recorded, 'train');
  // Where the test trace does not come either, that is what is said.
  training.catch(() => undefined);
  const [test, card] = await Promise.all([recordedTrace(recorded, 'test'), from]);
  await nextTurn();
  signal.throwIfAborted();
  onFound();
  run.setState({
    ...{ recorded, opened: null, dataset: null, network: null, card, report: null },
    ...{ training: [], cutShort: false, relearnt: false, loading: null, computes: null },
  });
  onTest(test);
  const train = await training;
  await nextTurn();
  signal.throwIfAborted();
  onTrain(train);
  run.setState({ status: 'replayed' });
  void bringImages(scene);
}

/**
 * The images behind the recorded run on screen, where they can be had: the page does without them until then. Asked
 * again whenever they are missing, it begins anew unless it is under way.
 */
export async function bringImages(scene: Scene): Promise<void> {
  const { recorded, dataset } = scene.run.getState();
  const { latest } = scene.picturing;
  if (!recorded || dataset || (latest && !latest.signal.aborted)) return;
  const mine = scene.picturing.begin();
  try {
    const order = await fingerprintsFor(recorded);
    const request = order && (await requestOfRun(recorded));
    if (!request || mine.signal.aborted) return;
    const brought = await mine.images(request, { order });
    mine.say(() => scene.run.setState({ dataset: brought }));
    if (brought.note) notify('note', brought.note);
  } catch (error) {
    if (!isAbort(error)) notify('note', sentenceOf(error));
  } finally {
    // What has ended is begun anew by whoever misses the images still.
    mine.controller.abort();
  }
}

/** Something else comes on screen: the images of what was there are not wanted any more. */
export const forgetImages = ({ picturing }: Scene): void => picturing.stop();
