/** The images that can be had: drawn here, from the page's server, or from files that a person gave. */
import { create } from 'zustand';
import type { RecordedRun } from '../../core/run-index.ts';
import type { ImageShape } from '../../core/dataset.ts';
import { UNLABELLED, catalogue, type DatasetId, type FileDatasetId } from '../../data/catalogue.ts';
import { createDataClient, type FilesReport, type LoadRequest } from '../../data/client.ts';
import type { Target } from '../../data/pictures/read.ts';
import { mirrorCounts } from '../../data/sources/mirror.ts';
import type { PicturesReport } from '../../data/sources/pictures.ts';
import { notify, sentenceOf } from '../notices.ts';
import type { Settings } from '../settings.ts';
import { Once } from '../../core/once.ts';

/** Images of `strokes` when nobody says how many: enough for smooth curves, few enough for seconds. */
export const STROKES_IMAGES = { train: 4000, test: 2000 } as const;

export interface ImagesState {
  /** Datasets that can be opened here and now, with their image counts. */
  readonly available: ReadonlyMap<string, { readonly train: number; readonly test: number }>;
  /** What files were dropped and what is missing. */
  readonly files: FilesReport | null;
  /** Complete sets of dropped files, by the dataset that they are. */
  readonly dropped: ReadonlyMap<string, readonly File[]>;
  /** Shape of one image of a person's own dataset; null where there is none, and of pictures of any size. */
  readonly ownShape: ImageShape | null;
  /** What the pictures of a person's own dataset are; null where it is of other files. */
  readonly ownPictures: PicturesReport | null;
  /** Where those pictures are of, pinned to a commit, where they came from the Hugging Face Hub; else null. */
  readonly ownHub: string | null;
  /** Networks that come with the page and know the classes of those pictures by their names. */
  readonly knownBy: readonly string[];
  /** Whether those pictures are to be kept for the next visit once they have been read. */
  readonly isUnkept: boolean;
  /** Pictures that take the place of the test images; nobody says what they show. */
  readonly singles: Singles;
  /** Image files without labels or classes, to be clustered. */
  readonly unlabelled: readonly File[];
}

/** Files of pictures, and how many pictures they hold. */
export interface Singles {
  readonly files: readonly File[];
  readonly count: number;
}

export const NO_SINGLES: Singles = { files: [], count: 0 };

/** Id of a person's own dataset: files of none that is published. */
export const OWN = 'files';

export const useImages = create<ImagesState>(() => ({
  available: new Map([['strokes', STROKES_IMAGES]]),
  files: null,
  dropped: new Map(),
  ownShape: null,
  ownPictures: null,
  ownHub: null,
  knownBy: [],
  isUnkept: false,
  singles: NO_SINGLES,
  unlabelled: [],
}));

const { getState: get, setState: set } = useImages;

/** The data worker, started when it is first needed. */
export const data = lazily(createDataClient);

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

const mirror = new Once<'list', void>();

/**
 * Asks, once, what the page's server has; a static host has nothing, and that is fine. A server that did not answer is
 * asked again at the next need.
 */
export function findDatasets(): Promise<void> {
  return mirror.get('list', askServer).catch((error: unknown) => notify('note', sentenceOf(error)));
}

async function askServer(): Promise<void> {
  const { datasets } = await data().listMirror();
  const available = new Map(get().available);
  for (const entry of datasets) {
    const counts = mirrorCounts(entry);
    if (!counts) continue;
    available.set(entry.id, counts);
    if (entry.id === 'cifar-100') available.set('cifar-100-coarse', counts);
  }
  set({ available });
}

/** What is a person's own among the images, at some time. */
export type OwnImages = Pick<
  ImagesState,
  'ownShape' | 'ownPictures' | 'ownHub' | 'knownBy' | 'singles'
> & {
  readonly files: readonly File[] | undefined;
  readonly counts: { readonly train: number; readonly test: number } | undefined;
};

export function ownImages(): OwnImages {
  const { ownShape, ownPictures, ownHub, knownBy, singles, dropped, available } = get();
  return {
    ...{ ownShape, ownPictures, ownHub, knownBy, singles },
    ...{ files: dropped.get(OWN), counts: available.get(OWN) },
  };
}

/** Takes back what came since, and could not be used. */
export function giveBack({ files, counts, ...rest }: OwnImages): void {
  const [dropped, available] = [new Map(get().dropped), new Map(get().available)];
  dropped.delete(OWN);
  available.delete(OWN);
  if (files) dropped.set(OWN, files);
  if (counts) available.set(OWN, counts);
  set({ ...rest, dropped, available, isUnkept: false });
}

/** What names the images of a run. */
export type ImagesNamed = Pick<Settings, 'dataset' | 'seed' | 'trainImages' | 'testImages'> &
  Partial<Pick<Settings, 'fit' | 'testShare'>>;

/**
 * How to load what the settings name.
 * @param target what pictures of any size are brought to.
 * @throws Error with a sentence when its images are not here.
 */
export function imagesRequest(settings: ImagesNamed, target: Target): LoadRequest<File> {
  const { dataset: id, seed, fit = 'crop', testShare: share = 0.2 } = settings;
  const request = requestFor(id, settings);
  const { files: singles } = get().singles;
  if (request && 'files' in request && id === OWN) {
    const read = { ...request, reading: { seed, fit, share, target } };
    return singles.length > 0 ? { pictures: singles, fit, beside: read } : read;
  }
  if (request && 'unlabelled' in request)
    return { ...request, reading: { seed, fit, share, target } };
  if (request) return singles.length > 0 ? { pictures: singles, fit, beside: request } : request;
  throw new Error(
    `There are no ${titleOf(id)} images here. Open its files under Images, or start the server with ` +
      'OFFRAMP_DATA naming a folder that holds them.',
  );
}

/** Whether the images that settings name are here. */
export const haveImages = (settings: Settings): boolean =>
  requestFor(settings.dataset, settings) !== null;

/** How to load all the images behind a recorded run; null when they are not here. */
export async function requestOfRun(run: RecordedRun): Promise<LoadRequest<File> | null> {
  const { dataset: id, provenance } = run;
  if (id !== 'strokes') await findDatasets();
  return requestFor(id, {
    seed: provenance.seed ?? 0,
    trainImages: id === 'strokes' ? run.train.count : 0,
    testImages: id === 'strokes' ? run.test.count : 0,
  });
}

/** How to load a dataset, all of it where the numbers are 0; null when it is not here. */
function requestFor(
  id: string,
  { seed, trainImages, testImages }: Pick<Settings, 'seed' | 'trainImages' | 'testImages'>,
): LoadRequest<File> | null {
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
  const { unlabelled, dropped, ownHub } = get();
  if (id === UNLABELLED) return unlabelled.length > 0 ? { unlabelled, limit } : null;
  const files = dropped.get(id);
  if (files && id === OWN) return { files, ...(ownHub !== null && { hub: ownHub }), limit };
  if (files) return { files, as: id as FileDatasetId, limit };
  return get().available.has(id) ? { id: id as FileDatasetId, base: 'mirror', limit } : null;
}

/** The dataset's name for people. */
export function titleOf(id: string): string {
  if (id === UNLABELLED) return 'Your images';
  if (id === OWN) return get().ownHub?.replace(/[:@].*/, '') ?? 'Your files';
  return id in catalogue ? catalogue[id as DatasetId].title : id;
}

/**
 * A person's own images: of the Hub where they are named, else those of an earlier visit, where this browser keeps them and
 * no others are open.
 * @throws Error with a sentence when what is named cannot be had; AbortError.
 */
export async function ensureOwn(
  hub: string | null,
  signal: AbortSignal,
  tell: (words: string) => void,
): Promise<void> {
  const { dropped, ownHub } = get();
  if (hub !== null) {
    if (ownHub === hub) return;
    const { takeFromHub } = await import('../images/hub.ts');
    return takeFromHub(hub, signal, tell);
  }
  if (dropped.has(OWN)) return;
  // Where nothing can be kept there is nothing to restore: that images are missing is said by who needs them.
  await import('../images/kept.ts').then(({ restoreLatest }) => restoreLatest()).catch(() => null);
}
