/** This machine: the engine, and what a run on it takes. */
import { clusteringId } from '../../methods/registry.ts';
import type { Dataset } from '../../core/dataset.ts';
import { createEngine } from '../../engine/client/engine.ts';
import type {
  Engine,
  LoadedNetwork,
  NetworkSource,
  Progress,
  RunResult,
} from '../../engine/client/types.ts';
import { trainedFor, type CatalogueNetwork } from '../../network/catalogue.ts';
import { data, findDatasets, imagesRequest, titleOf } from './images.ts';
import { notify } from '../notices.ts';
import { clearEngine, engineServed, takeEngine, type Owner } from './owner.ts';
import { useSession } from '../scene/run.ts';
import { choose, optionsOf, useSettings, type Settings } from '../settings.ts';

let engine: Promise<Engine> | null = null;

/** The engine, started when it is first needed. */
export function runningEngine(): Promise<Engine> {
  engine ??= createEngine({
    backend: useSettings.getState().backend,
    onStatus: ({ kind, message }) => {
      if (kind === 'lost' || kind === 'recovered') notify('note', message);
      if (kind === 'failed') notify('error', message);
    },
  }).then((started) => {
    useSession.setState({ backend: started.backend });
    return started;
  });
  return engine;
}

/** Ends the engine and what it was computing; the next one starts anew, with the backend of the settings. */
export async function endEngine(): Promise<void> {
  clearEngine();
  const old = engine;
  engine = null;
  useSession.setState({ backend: null });
  await old?.then((running) => running.dispose()).catch(() => undefined);
}

/**
 * The network that the settings name, or the first one for their dataset.
 * @throws Error with a sentence when no network here was trained on it.
 */
export function networkFor({ dataset, network }: Settings): CatalogueNetwork {
  const candidates = trainedFor(dataset);
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

/** The engine, if it still has what the run of this method on screen learnt; null when that gave way to something else. */
export async function engineThatLearnt(method: string): Promise<Engine | null> {
  if (!engine || !engineServed(method === clusteringId ? 'clusters' : 'explore')) return null;
  const started = await engine;
  return started.fitted === method ? started : null;
}

/** Who wants to compute, and what ends it. */
export interface Work {
  readonly owner: Owner;
  readonly controller: AbortController;
}

/**
 * Loads what a run on this machine takes: its images, and the engine with its network. The engine is taken once it is
 * known that the images can be had: what cannot run must not end what does.
 */
export async function prepare(
  settings: Settings,
  chosen: CatalogueNetwork,
  work: Work,
  onLoading: (words: string) => void,
): Promise<Prepared> {
  if (chosen.weights !== 'here')
    throw new Error(
      `The weights of ${chosen.title} (${chosen.id}) do not come with the page: they are too large. Its recorded run ` +
        'can be replayed; under Network stands how to train it and compute with it here.',
    );
  const { id } = chosen;
  const url = new URL(`networks/${id}/`, document.baseURI).href;
  return load(settings, { id, source: { url } }, work, onLoading);
}

export interface Prepared {
  readonly started: Engine;
  readonly dataset: Dataset;
  readonly network: LoadedNetwork;
}

export interface NetworkWanted {
  /** Null for one that is made anew each time. */
  readonly id: string | null;
  /** Where it is, or how it is made for the images. */
  readonly source: NetworkSource | ((dataset: Dataset) => NetworkSource);
}

/** Images by the names of their settings, and the engine with a network for them. */
export async function load(
  settings: Pick<Settings, 'dataset' | 'seed' | 'trainImages' | 'testImages'>,
  wanted: NetworkWanted,
  { owner, controller }: Work,
  onLoading: (words: string) => void,
): Promise<Prepared> {
  // What a person's server has is known before it is said that images are missing.
  if (settings.dataset !== 'strokes') await findDatasets();
  const request = imagesRequest(settings);
  takeEngine(owner, controller);
  const { signal } = controller;
  const running = runningEngine();
  onLoading(`${titleOf(settings.dataset)} images`);
  const images = data.load(request, {
    signal,
    onProgress: ({ done, total, what }) =>
      signal.aborted ||
      onLoading(`${what} ${total ? `${Math.round((100 * done) / total)} %` : ''}`),
  });
  // The engine keeps the network on screen until the new images are there: they may not come.
  if (useSession.getState().dataset) await images;
  const { source } = wanted;
  const [dataset, network] = await Promise.all([
    images,
    running.then(async (started) =>
      wanted.id !== null && started.network?.id === wanted.id
        ? started.network
        : started.loadNetwork(typeof source === 'function' ? source(await images) : source, signal),
    ),
  ]);
  signal.throwIfAborted();
  return { started: await running, dataset, network };
}

/** Fits a method on this machine without showing it on Explore. */
export async function fitHere(
  settings: Settings,
  chosen: CatalogueNetwork,
  work: Work,
  on: {
    readonly onLoading: (words: string) => void;
    readonly onProgress: (progress: Progress) => void;
  },
): Promise<RunResult> {
  const { started, dataset } = await prepare(settings, chosen, work, on.onLoading);
  const { signal } = work.controller;
  return started.run(settings.method, dataset, optionsOf(settings), {
    signal,
    onProgress: (progress) => signal.aborted || on.onProgress(progress),
  });
}
