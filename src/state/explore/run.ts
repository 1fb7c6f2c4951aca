/** What to show, and the actions that show it: replay a recorded run, or compute one on this machine. */
import type { RecordedRun } from '../../core/run-index.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import type { CatalogueNetwork } from '../../network/catalogue.ts';
import { acceptTrace, clearTraces, offerThresholds, useExplore } from '../scene/shown.ts';
import { endEngine, engineThatLearnt, networkFor, prepare } from '../lease/engine.ts';
import { dismissErrors, notify, sentenceOf } from '../notices.ts';
import { giveEngineBack, takeEngine, takenBy } from '../lease/owner.ts';
import { replayRecorded } from '../scene/recorded.ts';
import { loadRuns, prefersRecorded, recordedRun, useRuns } from '../lease/runs.ts';
import { searchAll, stopSearches, sweepNow } from '../scene/searches.ts';
import { learn, useSession } from '../scene/run.ts';
import { choose, isSameRun, optionsOf, useSettings, type Settings } from '../settings.ts';
import { clearSelection, filterByCell, selectImage, useView } from '../view.ts';

const { getState: get, setState: set } = useSession;

/** The attempt that counts; a later one aborts it. */
let attempt = new AbortController();
/** The settings that what is on screen was made with. */
let shownSettings: Settings | null = null;
/** The settings that Explore was asked to show last; null when it is to show them anew. */
let asked: Settings | null = null;

/**
 * Shows what the settings name: replays it where it was recorded and computing it would first need images, computes it
 * here otherwise. Whatever ran before is cancelled, and stays on screen until this has something to show.
 */
export async function run(): Promise<void> {
  attempt.abort();
  stopSearches();
  const mine = (attempt = new AbortController());
  dismissErrors();
  set({ status: 'loading', loading: 'Starting …', progress: null, canTrace: false });
  try {
    const settings = (asked = useSettings.getState());
    const chosen = networkFor(settings);
    const recorded = prefersRecorded(settings) ? await findRecorded(settings, chosen) : null;
    mine.signal.throwIfAborted();
    if (recorded) await replay(settings, recorded, mine);
    else await compute(settings, chosen, mine);
    dropWhatIsNotThere();
    void searchAll();
  } catch (error) {
    if (mine === attempt) await ended(mine, error);
  } finally {
    giveEngineBack(mine);
  }
}

/** What follows when an attempt that counts was stopped, failed, or lost the engine to a race. */
async function ended(mine: AbortController, error: unknown): Promise<void> {
  const by = takenBy(mine);
  // What else this attempt has begun must not go on to say how far it is.
  mine.abort();
  const wasShown = asked !== null && shownSettings === asked;
  set({ loading: null, progress: null, status: isAbort(error) ? 'cancelled' : 'failed' });
  if (by === 'race') {
    notify(
      'note',
      'Explore’s run ended because a race began. What it had stays; run it again there.',
    );
    // The settings are the race's too: they stay, and Explore follows them when it is shown.
    if (!wasShown) asked = null;
  } else {
    keepScreen();
  }
  if (!isAbort(error)) notify('error', sentenceOf(error));
  // A run that was stopped after its training images still has a trace to tune on.
  void searchAll();
  if (!wasShown || !shownSettings) return;
  const engine = await engineThatLearnt(shownSettings.method).catch(() => null);
  if (mine === attempt && engine) set({ canTrace: true });
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

/** Shows a recorded run. */
function replay(
  settings: Settings,
  recorded: RecordedRun,
  { signal }: AbortController,
): Promise<void> {
  return replayRecorded(recorded, signal, {
    onFound: () => show(settings, recorded.dataset, recorded.network),
    onTest: acceptTrace,
    onTrain: take,
  });
}

/** Runs the method on this machine. */
async function compute(
  settings: Settings,
  chosen: CatalogueNetwork,
  mine: AbortController,
): Promise<void> {
  const { signal } = mine;
  const { started, dataset, network } = await prepare(
    settings,
    chosen,
    { owner: 'explore', controller: mine },
    (loading) => set({ loading }),
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
    cutShort: false,
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

/**
 * Traces the images with what a stopped run has learnt, so that there are matrices and curves of it. Of a training that
 * was stopped these are the classifiers after the steps that they had.
 */
export async function traceLearnt(): Promise<void> {
  const { dataset, training } = get();
  if (!dataset || !shownSettings) return;
  attempt.abort();
  stopSearches();
  const mine = (attempt = new AbortController());
  const { signal } = mine;
  dismissErrors();
  const cutShort = training.some(
    ({ epoch, epochs, done, total }) => epoch < epochs || done < total,
  );
  set({ status: 'running', loading: null, progress: null, canTrace: false, cutShort });
  try {
    const engine = await engineThatLearnt(shownSettings.method);
    if (!engine)
      throw new Error('What this run had learnt gave way to another run. Run again to see it.');
    takeEngine('explore', mine);
    const splits = shownSettings.holdout > 0 ? ['train', 'holdout', 'test'] : ['train', 'test'];
    for (const split of splits as readonly TraceSplit[])
      await engine.trace(dataset, split, {
        signal,
        onProgress: (progress) => signal.aborted || set({ progress }),
        onTrace: (trace) => mine === attempt && take(cutShort ? markCutShort(trace) : trace),
      });
    set({ status: 'done', progress: null });
    void searchAll();
  } catch (error) {
    if (mine === attempt) await ended(mine, error);
  } finally {
    giveEngineBack(mine);
  }
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

/** A trace says of itself that its classifiers had fewer steps than their budget. */
function markCutShort(trace: Trace): Trace {
  const options = { ...trace.provenance.options, trainingStopped: true };
  return { ...trace, provenance: { ...trace.provenance, options } };
}

/** Changes what to run, and runs it: at once where Explore is shown, else when it is shown next. */
export function chooseAndRun(change: Parameters<typeof choose>[0]): void {
  // Thresholds of a link that nothing has taken yet are of what it named.
  if (useView.getState().page !== 'explore') offerThresholds(null);
  choose(change);
  runWhenShown();
}

function runWhenShown(): void {
  asked = null;
  if (useView.getState().page === 'explore') void run();
}

/** Explore is shown: what it had stays where nothing else was chosen meanwhile, else it runs what is chosen. */
export function enterExplore(): void {
  if (!(asked && isSameRun(asked, useSettings.getState()))) void run();
}

/** Explore's stores are wanted for something else: what runs ends, and what it had is put aside with them. */
export function leaveExplore(): void {
  const { status } = get();
  if (status !== 'loading' && status !== 'running') return;
  attempt.abort();
  // What was only being loaded is asked for again; what ran keeps what it had.
  if (status === 'loading') asked = null;
  set({ status: 'cancelled', loading: null, progress: null });
  notify('note', 'Explore’s run was stopped: its stores are needed here. What it had stays there.');
}

/** Lets the settings name again what is on screen, which stays as it is. */
export function keepScreen(): void {
  if (!shownSettings) return;
  asked = shownSettings;
  choose({ ...shownSettings, backend: useSettings.getState().backend });
}

/** Another backend: the engine starts anew, and so does what it has computed. */
export async function restartEngine(): Promise<void> {
  attempt.abort();
  await endEngine();
  if (get().recorded === null) runWhenShown();
}
