/** What a run on this machine takes: its images, and the engine with its network. */
import type { Dataset } from '../../core/dataset.ts';
import type {
  Engine,
  LoadedNetwork,
  NetworkSource,
  Progress,
  RunResult,
} from '../../engine/client/types.ts';
import type { Arriving } from '../../fetch/file.ts';
import type { CatalogueNetwork } from '../../network/catalogue.ts';
import type { Target } from '../../data/pictures/read.ts';
import {
  findDatasets,
  imagesRequest,
  OWN,
  titleOf,
  useImages,
  type ImagesNamed,
} from '../lease/images.ts';
import { mayPass, notify, sentenceOf } from '../notices.ts';
import { optionsOf, type Settings } from '../settings.ts';
import { forgetNetwork, useOwn } from '../network/own.ts';
import type { Attempt } from './attempt.ts';
import { targetOf } from './networks.ts';

/**
 * Loads what a run on this machine takes: its images, and the engine with its network. The engine is taken once it is
 * known that the images can be had: what cannot run must not end what does.
 * @param given the images, where they are at hand already.
 */
export async function prepare(
  settings: Settings,
  chosen: CatalogueNetwork,
  mine: Attempt,
  onLoading: (words: string) => void,
  given?: Dataset,
): Promise<Prepared> {
  if (chosen.weights !== 'here')
    throw new Error(
      `The weights of ${chosen.title} (${chosen.id}) do not come with the page: they are too large. Its recorded run ` +
        'can be replayed; under Network stands how to train it and compute with it here.',
    );
  const { id } = chosen;
  const own = useOwn.getState().networks.get(id);
  if (own) {
    const target = targetOf(chosen);
    const source = { built: own.files, golden: own.given.golden };
    const wanted = { id: own.files.card.id, source, target, onRefused: () => forgetNetwork(id) };
    return load(settings, wanted, mine, onLoading, given);
  }
  const url = new URL(`networks/${id}/`, document.baseURI).href;
  const wanted = { id, source: { url }, target: targetOf(chosen) };
  return load(settings, wanted, mine, onLoading, given);
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
  /** What pictures of any size are brought to. */
  readonly target: Target;
  /** Told when it cannot be run here, and never will. */
  readonly onRefused?: () => void;
}

/** Images by the names of their settings, and the engine with a network for them. */
export async function load(
  settings: ImagesNamed,
  wanted: NetworkWanted,
  mine: Attempt,
  onLoading: (words: string) => void,
  given?: Dataset,
): Promise<Prepared> {
  // What a person's server has is known before it is said that images are missing.
  if (settings.dataset !== 'strokes') await findDatasets();
  const request = given ? null : imagesRequest(settings, wanted.target);
  const running = mine.engine();
  mine.say(() => onLoading(`${titleOf(settings.dataset)} images`));
  const images = request
    ? mine.images(request, {
        onProgress: ({ done, total, what }) =>
          onLoading(`${what} ${total ? `${Math.round((100 * done) / total)} %` : ''}`),
      })
    : Promise.resolve(given!);
  let weights = 'weights';
  // Images that are there are waited for no more: what is still missing is said.
  const awaited = (): void => mine.say(() => onLoading(weights));
  let isLoaded = false;
  void images.then(
    () => !isLoaded && awaited(),
    () => undefined,
  );
  // Whichever of the two fails first says so; the other one is then not heard any more.
  for (const either of [running, images]) either.catch(() => undefined);
  // The engine keeps the network of what is on screen until the new images are there: they may not come.
  if ((await running).network) await images;
  const { source } = wanted;
  const [dataset, network] = await Promise.all([
    images,
    running.then(async (started) =>
      wanted.id !== null && started.network?.id === wanted.id && !started.isLoading
        ? started.network
        : started
            .loadNetwork(
              typeof source === 'function' ? source(await images) : source,
              mine.signal,
              (arriving) => {
                weights = weightsWords(arriving);
                awaited();
              },
            )
            .finally(() => (isLoaded = true))
            .catch((error: unknown) => {
              if (!mayPass(error) && !mine.signal.aborted) wanted.onRefused?.();
              throw error;
            }),
    ),
  ]);
  mine.signal.throwIfAborted();
  tellLeftOut(dataset);
  if (useImages.getState().isUnkept && settings.dataset === OWN)
    import('../images/kept.ts')
      .then(({ keepOwn }) => keepOwn())
      .catch((error: unknown) => notify('note', sentenceOf(error)));
  return { started: await running, dataset, network };
}

/** "weights 34 %", and that nothing comes where nothing does. */
function weightsWords({ done, total, isStill }: Arriving): string {
  const mb = done > 0 ? ` ${(done / 1e6).toFixed(1)} MB` : '';
  const share = total ? ` ${Math.floor((100 * done) / total)} %` : mb;
  return `weights${share}${isStill ? ', nothing comes at the moment' : ''}`;
}

/** So many files that were left out are named. */
const MOST_NAMED = 20;

function tellLeftOut({ leftOut = [] }: Dataset): void {
  for (const sentence of leftOut.slice(0, MOST_NAMED)) notify('note', sentence);
  const others = leftOut.length - MOST_NAMED;
  if (others > 0) notify('note', `${others} more pictures could not be used.`);
}

/** Fits a method on this machine without showing it on Explore. */
export async function fitHere(
  settings: Settings,
  chosen: CatalogueNetwork,
  mine: Attempt,
  on: {
    readonly onLoading: (words: string) => void;
    readonly onProgress: (progress: Progress) => void;
  },
): Promise<RunResult> {
  const { started, dataset } = await prepare(settings, chosen, mine, on.onLoading);
  return started.run(settings.method, dataset, optionsOf(settings), {
    signal: mine.signal,
    onProgress: (progress) => mine.say(() => on.onProgress(progress)),
  });
}
