/** The images that can be had: drawn here, from the page's server, or from files that a person gave. */
import { create } from 'zustand';
import type { RecordedRun } from '../../core/run-index.ts';
import type { ImageShape } from '../../core/dataset.ts';
import { UNLABELLED, catalogue, type DatasetId, type FileDatasetId } from '../../data/catalogue.ts';
import { createDataClient, type FilesReport, type LoadRequest } from '../../data/client.ts';
import { FileCollector } from '../../data/collector.ts';
import { isAbort } from '../../data/errors.ts';
import { mirrorCounts } from '../../data/sources/mirror.ts';
import { dismissErrors, notify, sentenceOf } from '../notices.ts';
import type { Settings } from '../settings.ts';
import { Once } from './once.ts';

/** Images of `strokes` when nobody says how many: enough for smooth curves, few enough for seconds. */
export const STROKES_IMAGES = { train: 4000, test: 2000 } as const;

export interface ImagesState {
  /** Datasets that can be opened here and now, with their image counts. */
  readonly available: ReadonlyMap<string, { readonly train: number; readonly test: number }>;
  /** What files were dropped and what is missing. */
  readonly files: FilesReport | null;
  /** Complete sets of dropped files, by the dataset that they are. */
  readonly dropped: ReadonlyMap<string, readonly File[]>;
  /** Shape of one image of a person's own dataset; null where there is none. */
  readonly ownShape: ImageShape | null;
  /** Image files without labels, to be clustered. */
  readonly unlabelled: readonly File[];
}

/** Id of a person's own dataset: files of none that is published. */
export const OWN = 'files';

export const useImages = create<ImagesState>(() => ({
  available: new Map([['strokes', STROKES_IMAGES]]),
  files: null,
  dropped: new Map(),
  ownShape: null,
  unlabelled: [],
}));

const { getState: get, setState: set } = useImages;

/** The data worker, started when it is first needed. */
export const data = lazily(createDataClient);
const collector = lazily(() => new FileCollector((files, as) => data().inspect(files, as)));

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
    if (counts) available.set(entry.id, counts);
  }
  set({ available });
}

/**
 * How to load what the settings name.
 * @throws Error with a sentence when its images are not here.
 */
export function imagesRequest(
  settings: Pick<Settings, 'dataset' | 'seed' | 'trainImages' | 'testImages'>,
): LoadRequest<File> {
  const { dataset: id } = settings;
  const request = requestFor(id, settings);
  if (request) return request;
  throw new Error(
    `There are no ${titleOf(id)} images here. Open its files under Images, or start the server with ` +
      'OFFRAMP_DATA naming a folder that holds them.',
  );
}

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
  const { unlabelled, dropped } = get();
  if (id === UNLABELLED) return unlabelled.length > 0 ? { unlabelled, limit } : null;
  const files = dropped.get(id);
  if (files) return { files, ...(id !== OWN && { as: id as FileDatasetId }), limit };
  return get().available.has(id) ? { id: id as FileDatasetId, base: 'mirror', limit } : null;
}

/** The dataset's name for people. */
export function titleOf(id: string): string {
  if (id === UNLABELLED) return 'Your images';
  if (id === OWN) return 'Your files';
  return id in catalogue ? catalogue[id as DatasetId].title : id;
}

/** Whether archives or tables hold images, and not what a network says of some: by the beginning of each. */
export async function areImages(files: readonly File[]): Promise<boolean> {
  if (!files.every(({ name }) => /\.(npz|csv)$/i.test(name))) return false;
  const { id } = await data().inspect(files);
  return id !== null;
}

/** Files that were taken for something are asked about no more. */
export function settleFiles(): void {
  collector().clear();
  set({ files: null });
}

/** Takes idx images without labels for what needs none; false where the files are not that. */
export async function takeUnlabelled(files: readonly File[]): Promise<boolean> {
  const { imagesAlone, files: verdicts } = await data().inspect(files);
  if (imagesAlone === null) return false;
  // A name need not say whether images are for training or for test here: only what cannot be read at all is left out.
  const unlabelled = files.filter((_, i) => verdicts[i]!.isReadable);
  for (const { isReadable, says } of verdicts) if (!isReadable) notify('error', says);
  const counts = { train: Math.floor(0.8 * imagesAlone), test: Math.ceil(0.2 * imagesAlone) };
  set({ unlabelled, available: new Map(get().available).set(UNLABELLED, counts) });
  return true;
}

/** So many files are each told what is wrong with them; a folder may hold many thousands. */
const MOST_SENTENCES = 100;

/** Takes files, says what is wrong with them or missing, and gives the dataset that they complete. */
export async function takeFiles(
  files: readonly File[],
  as?: FileDatasetId,
): Promise<FileDatasetId | null> {
  try {
    dismissErrors();
    const report = await collector().add(files, as);
    set({ files: report });
    const bad = report.files.filter(({ ok }) => !ok);
    for (const { says } of bad.slice(0, MOST_SENTENCES)) notify('error', says);
    const others = bad.length - MOST_SENTENCES;
    if (others > 0) notify('error', `${others} more files could not be used.`);
    const { id } = report;
    if (!report.complete || id === null) {
      if (id !== null) notify('note', report.sentence);
      return null;
    }
    // Archives and tables say what they hold when they are read.
    const read =
      id === OWN && !(report.counts && report.shape)
        ? await data().load({ files: collector().files })
        : null;
    const counted = read ? { train: read.train.count, test: read.test.count } : report.counts;
    const published = id === OWN ? { train: 0, test: 0 } : catalogue[id].counts;
    set({
      dropped: new Map(get().dropped).set(id, collector().files),
      available: new Map(get().available).set(id, counted ?? published),
      ...(id === OWN && { ownShape: read?.shape ?? report.shape }),
    });
    // Files of unknown content wait for a person to say what they are: a dataset of their own, or which one.
    if (id === OWN) {
      notify('note', `${report.sentence} Say under Images what to take them for.`);
      return null;
    }
    collector().clear();
    return id;
  } catch (error) {
    if (!isAbort(error)) notify('error', sentenceOf(error));
    return null;
  }
}
