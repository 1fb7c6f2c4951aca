/** The engine, the images and the network: what is loaded, what is running, how far. */
import { create } from 'zustand';
import type { Dataset } from '../core/dataset.ts';
import type { Trace } from '../core/trace.ts';
import type { FileDatasetId } from '../data/catalogue.ts';
import { isAbort } from '../data/errors.ts';
import { createEngine } from '../engine/client/engine.ts';
import type {
  BackendInfo,
  Engine,
  LoadedNetwork,
  Progress,
  RunResult,
} from '../engine/client/types.ts';
import { networksFor, type CatalogueNetwork } from '../network/catalogue.ts';
import { acceptTrace, clearTraces, useExplore } from './explore.ts';
import { searchAll, stopSearches, sweepNow } from './searches.ts';
import { data, imagesRequest, takeFiles, titleOf } from './images.ts';
import { dismissErrors, notify, sentenceOf } from './notices.ts';
import { choose, useSettings, type Settings } from './settings.ts';
import { clearSelection, filterByCell, selectImage, useView } from './view.ts';

export interface SessionState {
  readonly status: 'idle' | 'loading' | 'running' | 'done' | 'cancelled' | 'failed';
  /** What is being loaded, in words; null when nothing is. */
  readonly loading: string | null;
  readonly progress: Progress | null;
  readonly backend: BackendInfo | null;
  readonly dataset: Dataset | null;
  readonly network: LoadedNetwork | null;
  readonly report: RunResult['report'] | null;
}

export const useSession = create<SessionState>(() => ({
  status: 'idle',
  loading: null,
  progress: null,
  backend: null,
  dataset: null,
  network: null,
  report: null,
}));

const { getState: get, setState: set } = useSession;

let engine: Promise<Engine> | null = null;
/** The attempt that counts; a later one aborts it. */
let attempt = new AbortController();

function startEngine(): Promise<Engine> {
  engine ??= createEngine({
    backend: useSettings.getState().backend,
    onStatus: ({ kind, message }) => {
      if (kind === 'lost' || kind === 'recovered') notify('note', message);
      if (kind === 'failed') notify('error', message);
    },
  }).then((started) => {
    set({ backend: started.backend });
    return started;
  });
  return engine;
}

/**
 * The network that the settings name, or the first one for their dataset.
 * @throws Error with a sentence when no network here was trained on it.
 */
function networkFor({ dataset, network }: Settings): CatalogueNetwork {
  const candidates = networksFor(dataset);
  const named = candidates.find(({ id }) => id === network);
  const chosen = named ?? candidates[0];
  if (!chosen)
    throw new Error(`No network here was trained on ${titleOf(dataset)}. Choose other images.`);
  if (network !== null && !named) {
    notify(
      'note',
      `No network “${network}” here was trained on ${titleOf(dataset)}; ${chosen.id} is used.`,
    );
    choose({ network: null });
  }
  return chosen;
}

/** Loads what the settings name and runs it; whatever ran before is cancelled, and stays until this one has images. */
export async function run(): Promise<void> {
  attempt.abort();
  stopSearches();
  const mine = (attempt = new AbortController());
  const { signal } = mine;
  const settings = useSettings.getState();
  dismissErrors();
  set({ status: 'loading', loading: 'Starting …', progress: null });
  try {
    const request = imagesRequest();
    const chosen = networkFor(settings);
    const running = startEngine();
    set({ loading: `${titleOf(settings.dataset)} images` });
    const images = data.load(request, {
      signal,
      onProgress: ({ done, total, what }) =>
        signal.aborted ||
        set({ loading: `${what} ${total ? `${Math.round((100 * done) / total)} %` : ''}` }),
    });
    // The engine keeps the network on screen until the new images are there: they may not come.
    if (get().dataset) await images;
    const [dataset, network] = await Promise.all([
      images,
      running.then((started) =>
        started.network?.id === chosen.id
          ? started.network
          : started.loadNetwork(
              { url: new URL(`networks/${chosen.id}/`, document.baseURI).href },
              signal,
            ),
      ),
    ]);
    signal.throwIfAborted();
    const started = await running;
    forget(dataset, network);
    set({ status: 'running', loading: null, dataset, network, report: null });
    const { report } = await started.run(
      settings.method,
      dataset,
      { label: settings.label, lastExit: settings.lastExit, holdout: settings.holdout },
      {
        signal,
        onProgress: (progress) => signal.aborted || set({ progress }),
        onTrace: (trace) => mine === attempt && take(trace),
      },
    );
    set({ status: 'done', report, progress: null });
    for (const warning of report.warnings) notify('note', warning);
    dropWhatIsNotThere();
    void searchAll();
  } catch (error) {
    if (mine !== attempt) return;
    // What else this attempt has begun must not go on to say how far it is.
    mine.abort();
    set({ loading: null, progress: null, status: isAbort(error) ? 'cancelled' : 'failed' });
    if (isAbort(error)) {
      // A run that was stopped after its training images still has a trace to tune on.
      void searchAll();
      return;
    }
    nameWhatIsShown();
    notify('error', sentenceOf(error));
  }
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

/** Other images could not be had: the settings, and with them the address, name those on screen again. */
function nameWhatIsShown(): void {
  const { dataset, network } = get();
  if (dataset && dataset.id !== useSettings.getState().dataset)
    choose({ dataset: dataset.id, network: network?.id ?? null });
}

/** Drops what belonged to other images or another network; a repeated run keeps thresholds and selection. */
function forget(dataset: Dataset, network: LoadedNetwork): void {
  const before = get();
  if (before.dataset === null) return;
  clearTraces();
  if (before.dataset.id !== dataset.id || before.network?.id !== network.id) clearSelection();
}

/** Stops the run; the traces so far stay on screen. */
export function stop(): void {
  attempt.abort();
  set({
    status: get().progress || get().dataset ? 'cancelled' : 'idle',
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
  const old = engine;
  engine = null;
  set({ backend: null, network: null });
  await old?.then((running) => running.dispose()).catch(() => undefined);
  await run();
}

/** Takes files that were dropped or chosen; when they make a whole dataset, opens it. What was open stays until then. */
export async function openFiles(files: readonly File[], as?: FileDatasetId): Promise<void> {
  const dataset = await takeFiles(files, as);
  if (dataset) chooseAndRun({ dataset, network: null });
}

/** The engine, once it runs; for questions about single images. */
export function runningEngine(): Promise<Engine> {
  return startEngine();
}
