/** What to show, and the actions that show it: replay a recorded run, or compute one on this machine. */
import type { Policy } from '../core/policy.ts';
import type { RecordedRun } from '../core/run-index.ts';
import type { Trace } from '../core/trace.ts';
import type { FileDatasetId } from '../data/catalogue.ts';
import { isAbort } from '../data/errors.ts';
import type { Progress, RunResult } from '../engine/client/types.ts';
import { ruleOf, type MethodId } from '../methods/registry.ts';
import type { CatalogueNetwork } from '../network/catalogue.ts';
import { acceptTrace, apply, clearTraces, offerThresholds, useExplore } from './explore.ts';
import { imagesOfRun, takeFiles } from './images.ts';
import { endEngine, networkFor, optionsOf, prepare } from './machine.ts';
import { dismissErrors, notify, sentenceOf } from './notices.ts';
import {
  cardOf,
  fingerprintsFor,
  loadRuns,
  prefersRecorded,
  recordedRun,
  recordedTrace,
  useRuns,
} from './runs.ts';
import { searchAll, stopSearches, sweepNow } from './searches.ts';
import { learn, useSession } from './session-store.ts';
import { choose, useSettings, type Settings } from './settings.ts';
import { clearSelection, filterByCell, selectImage, showPage, useView } from './view.ts';

const { getState: get, setState: set } = useSession;

/** The attempt that counts; a later one aborts it. */
let attempt = new AbortController();
/** The settings that what is on screen was made with. */
let shownSettings: Settings | null = null;

/**
 * Shows what the settings name: replays it where it was recorded and computing it would first need images, computes it
 * here otherwise. Whatever ran before is cancelled, and stays on screen until this has something to show.
 */
export async function run(): Promise<void> {
  attempt.abort();
  stopSearches();
  const mine = (attempt = new AbortController());
  dismissErrors();
  set({ status: 'loading', loading: 'Starting …', progress: null });
  try {
    const settings = useSettings.getState();
    const chosen = networkFor(settings);
    const recorded = prefersRecorded(settings) ? await findRecorded(settings, chosen) : null;
    mine.signal.throwIfAborted();
    if (recorded) await replayRun(settings, recorded, mine);
    else await compute(settings, chosen, mine);
    dropWhatIsNotThere();
    void searchAll();
  } catch (error) {
    if (mine !== attempt) return;
    // What else this attempt has begun must not go on to say how far it is.
    mine.abort();
    set({ loading: null, progress: null, status: isAbort(error) ? 'cancelled' : 'failed' });
    // The settings, and with them the address, name what is on screen again.
    if (shownSettings) choose({ ...shownSettings, backend: useSettings.getState().backend });
    if (!isAbort(error)) notify('error', sentenceOf(error));
    // A run that was stopped after its training images still has a trace to tune on.
    void searchAll();
  }
}

/** Computes here what is shown as recorded. */
export function computeHere(): void {
  chooseAndRun({ source: 'live' });
}

async function findRecorded(
  settings: Settings,
  network: CatalogueNetwork,
): Promise<RecordedRun | null> {
  set({ loading: 'Recorded runs' });
  const index = await loadRuns();
  const found = index && recordedRun(index, settings, network.id);
  if (!found && settings.source === 'recorded') {
    const why = index ? 'Nobody recorded this run.' : useRuns.getState().problem;
    notify('note', `${why} It is computed here instead.`);
  }
  return found;
}

/** Shows a recorded run: test first, then the training images that thresholds are chosen on, then the images. */
async function replayRun(
  settings: Settings,
  recorded: RecordedRun,
  mine: AbortController,
): Promise<void> {
  const { signal } = mine;
  const training = recordedTrace(recorded, 'train');
  const [test, card] = await Promise.all([
    recordedTrace(recorded, 'test'),
    cardOf(recorded.network),
  ]);
  signal.throwIfAborted();
  show(settings, recorded.dataset, recorded.network);
  set({ recorded, dataset: null, network: null, card, report: null, training: [], loading: null });
  acceptTrace(test);
  const train = await training;
  signal.throwIfAborted();
  take(train);
  set({ status: 'replayed' });
  void bringImages(recorded, mine);
}

/** The images behind a recorded run, where they can be had: the page does without them until then. */
async function bringImages(recorded: RecordedRun, { signal }: AbortController): Promise<void> {
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

/** Fits a method on this machine without showing it on Explore, which stops what it was computing. */
export async function fitHere(
  settings: Settings,
  chosen: CatalogueNetwork,
  signal: AbortSignal,
  on: {
    readonly onLoading: (words: string) => void;
    readonly onProgress: (progress: Progress) => void;
  },
): Promise<RunResult> {
  if (get().status === 'loading' || get().status === 'running') stop();
  const { started, dataset } = await prepare(settings, chosen, signal, on.onLoading);
  return started.run(settings.method, dataset, optionsOf(settings), {
    signal,
    onProgress: (progress) => signal.aborted || on.onProgress(progress),
  });
}

/** Runs the method on this machine. */
async function compute(
  settings: Settings,
  chosen: CatalogueNetwork,
  mine: AbortController,
): Promise<void> {
  const { signal } = mine;
  const { started, dataset, network } = await prepare(settings, chosen, signal, (loading) =>
    set({ loading }),
  );
  show(settings, dataset.id, network.id);
  set({
    status: 'running',
    loading: null,
    recorded: null,
    dataset,
    network,
    card: network.card,
    report: null,
    training: [],
  });
  const { report } = await started.run(settings.method, dataset, optionsOf(settings), {
    signal,
    onProgress: (progress) => signal.aborted || set({ progress }),
    onTrace: (trace) => mine === attempt && take(trace),
    onTraining: (training) => signal.aborted || learn(training),
  });
  set({ status: 'done', report, progress: null });
  for (const warning of report.warnings) notify('note', warning);
}

/** A complete tuning trace gets its quick curve at once; the long searches wait until the run needs no core. */
function take(trace: Trace): void {
  acceptTrace(trace);
  const keepsBack = useSettings.getState().holdout > 0;
  const tunes = trace.split === (keepsBack ? 'holdout' : 'train');
  if (tunes && trace.count === trace.total) void sweepNow(trace);
}

/** A link may point at an image or a cell that this run does not have. */
function dropWhatIsNotThere(): void {
  const { image, cell } = useView.getState();
  const { trace } = useExplore.getState();
  if (!trace) return;
  if (image !== null && image >= trace.count) {
    notify('note', `There is no ${trace.split} image ${image}; this run has ${trace.count}.`);
    selectImage(null);
  }
  const classes = trace.classes.length;
  if (
    cell &&
    (cell.exit >= trace.exits.length || Math.max(cell.truth, cell.predicted) >= classes)
  ) {
    notify(
      'note',
      `The link's matrix cell is beyond this run's ${trace.exits.length} exits or ${classes} classes.`,
    );
    filterByCell(null);
  }
}

/** Drops what belonged to other images or another network; a repeated run keeps the selection. */
function show(settings: Settings, dataset: string, network: string): void {
  shownSettings = settings;
  const before = useExplore.getState().trace;
  if (!before) return;
  clearTraces();
  if (before.dataset !== dataset || before.network !== network) clearSelection();
}

/** Opens Explore on a method with a policy and an image, as another page found them. */
export function showPolicy(
  trace: Trace,
  { thresholds }: Policy,
  image: number,
  kind: 'recorded' | 'live',
): void {
  const shown = useExplore.getState().trace;
  const isShown =
    shown?.method === trace.method &&
    shown.dataset === trace.dataset &&
    shown.network === trace.network &&
    shown.provenance.commit === trace.provenance.commit &&
    shown.split === 'test' &&
    shown.count === trace.count &&
    shown.total === trace.total;
  showPage('explore');
  if (isShown) {
    apply({ rule: ruleOf(trace.method), thresholds }, 'link');
  } else {
    offerThresholds(thresholds);
    chooseAndRun({
      method: trace.method as MethodId,
      network: trace.network,
      source: kind === 'recorded' ? 'recorded' : 'live',
    });
  }
  selectImage(image);
}

/** Stops the run; the traces so far stay on screen. */
export function stop(): void {
  attempt.abort();
  set({
    status: useExplore.getState().trace ? 'cancelled' : 'idle',
    loading: null,
    progress: null,
  });
}

/** Changes what to run, and runs it. */
export function chooseAndRun(change: Parameters<typeof choose>[0]): void {
  choose(change);
  void run();
}

/** Another backend: the engine starts anew. */
export async function restartEngine(): Promise<void> {
  attempt.abort();
  await endEngine();
  if (get().recorded === null) await run();
}

/** Takes files that were dropped or chosen; when they make a whole dataset, opens it. What was open stays until then. */
export async function openFiles(files: readonly File[], as?: FileDatasetId): Promise<void> {
  const dataset = await takeFiles(files, as);
  if (dataset) chooseAndRun({ dataset, network: null, source: 'live' });
}
