/** The engine, the images and the network: what is loaded, what is running, how far. */
import { create } from 'zustand';
import type { Dataset } from '../core/dataset.ts';
import type { Trace } from '../core/trace.ts';
import { catalogue, type DatasetId, type FileDatasetId } from '../data/catalogue.ts';
import { createDataClient, type FilesReport, type LoadRequest } from '../data/client.ts';
import { FileCollector } from '../data/collector.ts';
import { mirrorCounts } from '../data/sources/mirror.ts';
import { createEngine } from '../engine/client/engine.ts';
import type {
  BackendInfo,
  Engine,
  LoadedNetwork,
  Progress,
  RunResult,
} from '../engine/client/types.ts';
import { networksFor } from '../network/catalogue.ts';
import { acceptTrace, clearTraces } from './explore.ts';
import { searchAll, stopSearches, sweepNow } from './searches.ts';
import { dismissErrors, isAbort, notify, sentenceOf } from './notices.ts';
import { choose, useSettings } from './settings.ts';
import { clearSelection } from './view.ts';

/** Images of `strokes` when nobody says how many: enough for smooth curves, few enough for seconds. */
export const STROKES_IMAGES = { train: 4000, test: 2000 } as const;

export interface SessionState {
  readonly status: 'idle' | 'loading' | 'running' | 'done' | 'cancelled' | 'failed';
  /** What is being loaded, in words; null when nothing is. */
  readonly loading: string | null;
  readonly progress: Progress | null;
  readonly backend: BackendInfo | null;
  readonly dataset: Dataset | null;
  readonly network: LoadedNetwork | null;
  readonly report: RunResult['report'] | null;
  /** Datasets that can be opened here and now, with their image counts. */
  readonly available: ReadonlyMap<string, { readonly train: number; readonly test: number }>;
  /** What files were dropped and what is missing. */
  readonly files: FilesReport | null;
}

export const useSession = create<SessionState>(() => ({
  status: 'idle',
  loading: null,
  progress: null,
  backend: null,
  dataset: null,
  network: null,
  report: null,
  available: new Map([['strokes', STROKES_IMAGES]]),
  files: null,
}));

const { getState: get, setState: set } = useSession;

const data = createDataClient();
const collector = new FileCollector((files, as) => data.inspect(files, as));
/** Complete sets of dropped files, by the dataset that they are. */
const dropped = new Map<string, readonly File[]>();

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

/** Asks what the page's server has; a static host has nothing, and that is fine. */
export async function findDatasets(): Promise<void> {
  try {
    const { datasets } = await data.listMirror();
    const available = new Map(get().available);
    for (const entry of datasets) {
      const counts = mirrorCounts(entry);
      if (counts) available.set(entry.id, counts);
    }
    set({ available });
  } catch (error) {
    notify('note', sentenceOf(error));
  }
}

function requestFor(id: string): LoadRequest<File> | null {
  const { seed, trainImages, testImages } = useSettings.getState();
  if (id === 'strokes') {
    return {
      id,
      seed,
      train: trainImages || STROKES_IMAGES.train,
      test: testImages || STROKES_IMAGES.test,
    };
  }
  const limit = {
    ...(trainImages && { train: trainImages }),
    ...(testImages && { test: testImages }),
  };
  const files = dropped.get(id);
  if (files) return { files, as: id as FileDatasetId, limit };
  return get().available.has(id) ? { id: id as FileDatasetId, base: 'mirror', limit } : null;
}

function titleOf(id: string): string {
  return id in catalogue ? catalogue[id as DatasetId].title : id;
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
    const request = requestFor(settings.dataset);
    if (!request) {
      throw new Error(
        `There are no ${titleOf(settings.dataset)} images here. Open its files under Images, or start the server with ` +
          'OFFRAMP_DATA naming a folder that holds them.',
      );
    }
    const candidates = networksFor(settings.dataset);
    const chosen = candidates.find(({ id }) => id === settings.network) ?? candidates[0];
    if (!chosen) {
      throw new Error(
        `No network here was trained on ${titleOf(settings.dataset)}. Choose other images.`,
      );
    }
    const running = startEngine();
    set({ loading: `${titleOf(settings.dataset)} images` });
    const [dataset, network] = await Promise.all([
      data.load(request, {
        signal,
        onProgress: ({ done, total, what }) =>
          signal.aborted ||
          set({ loading: `${what} ${total ? `${Math.round((100 * done) / total)} %` : ''}` }),
      }),
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
    void searchAll();
  } catch (error) {
    if (mine !== attempt) return;
    // What else this attempt has begun must not go on to say how far it is.
    mine.abort();
    set({ loading: null, progress: null, status: isAbort(error) ? 'cancelled' : 'failed' });
    if (isAbort(error)) return;
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
  try {
    dismissErrors();
    const report = await collector.add(files, as);
    set({ files: report });
    for (const { ok, says } of report.files) if (!ok) notify('error', says);
    const { id } = report;
    // idx files of unknown content wait for a person to say which dataset they belong to.
    if (!report.complete || id === null || id === 'files') {
      if (id !== null) notify('note', report.sentence);
      return;
    }
    dropped.set(id, collector.files);
    set({ available: new Map(get().available).set(id, catalogue[id].counts) });
    collector.clear();
    chooseAndRun({ dataset: id, network: null });
  } catch (error) {
    if (!isAbort(error)) notify('error', sentenceOf(error));
  }
}

/** The engine, once it runs; for questions about single images. */
export function runningEngine(): Promise<Engine> {
  return startEngine();
}
