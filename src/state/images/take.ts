/** What becomes of files of images that a person gives. */
import {
  UNLABELLED,
  catalogue,
  fileDatasetIds,
  publishedAs,
  type FileDatasetId,
} from '../../data/catalogue.ts';
import type { FilesReport } from '../../data/client.ts';
import { FileCollector } from '../../data/collector.ts';
import { isAbort } from '../../data/errors.ts';
import { networks } from '../../network/catalogue.ts';
import { knows } from '../network/last-exit.ts';
import { dismissErrors, notify, sentenceOf } from '../notices.ts';
import { useSettings } from '../settings.ts';
import { data, NO_SINGLES, OWN, useImages, type Singles } from '../lease/images.ts';

const { getState: get, setState: set } = useImages;

const collector = new FileCollector((files, as, sharing) => data().inspect(files, as, sharing));

/** What archives or tables hold by the beginning of each: images, a network, or what a network says of images. */
export async function heldInFiles(
  files: readonly File[],
): Promise<'images' | 'network' | 'traces'> {
  if (!files.every(({ name }) => /\.(npz|csv|zip)$/i.test(name))) return 'traces';
  const { id, pictures, isOfImages, holdsNetwork } = await data().inspect(files);
  if (holdsNetwork) return 'network';
  return id !== null || pictures !== null || isOfImages ? 'images' : 'traces';
}

/** Files that were taken for something are asked about no more. */
export function settleFiles(): void {
  collector.clear();
  set({ files: null });
}

/** So many images at least are clustered. */
const FEWEST = 10;

/** Takes images without labels for what needs none, idx files or pictures; false where the files are not that. */
export async function takeUnlabelled(files: readonly File[]): Promise<boolean> {
  const { imagesAlone, files: verdicts } = await data().inspect(files);
  // Fewer than there are clusters are looked at beside others instead.
  if (imagesAlone === null || imagesAlone < FEWEST) return false;
  // A name need not say whether images are for training or for test here: only what cannot be read at all is left out.
  const unlabelled = files.filter((_, i) => verdicts[i]!.isReadable);
  for (const { isReadable, says } of verdicts) if (!isReadable) notify('error', says);
  const counts = { train: Math.floor(0.8 * imagesAlone), test: Math.ceil(0.2 * imagesAlone) };
  set({ unlabelled, available: new Map(get().available).set(UNLABELLED, counts) });
  return true;
}

/** So many files are each told what is wrong with them; a folder may hold many thousands. */
const MOST_SENTENCES = 100;

/** What given files turned out to be. */
export type Taken =
  | { readonly kind: 'dataset'; readonly id: FileDatasetId }
  /** Class folders of pictures: a dataset of a person's own. */
  | { readonly kind: 'pictures' }
  /** Pictures that no folder gives a class. */
  | { readonly kind: 'singles'; readonly singles: Singles };

/** Takes files, says what is wrong with them or missing, and what they complete; null where they complete nothing yet. */
export async function takeFiles(files: readonly File[], as?: FileDatasetId): Promise<Taken | null> {
  try {
    dismissErrors();
    const { seed, testShare: share } = useSettings.getState();
    const report = await collector.add(files, as, { seed, share });
    set({ files: report });
    const bad = report.files.filter(({ ok }) => !ok);
    for (const { says } of bad.slice(0, MOST_SENTENCES)) notify('error', says);
    const others = bad.length - MOST_SENTENCES;
    if (others > 0) notify('error', `${others} more files could not be used.`);
    if (report.pictures) return takePictures(report, files);
    const { id } = report;
    if (!report.complete || id === null) {
      if (id !== null) notify('note', report.sentence);
      else if (bad.length === 0) notify('error', report.sentence);
      return null;
    }
    // Archives and tables say what they hold when they are read.
    const read =
      id === OWN && !(report.counts && report.shape)
        ? await data().load({ files: collector.files })
        : null;
    const counted = read ? { train: read.train.count, test: read.test.count } : report.counts;
    const published = id === OWN ? { train: 0, test: 0 } : catalogue[id].counts;
    const dropped = new Map(get().dropped).set(id, collector.files);
    const available = new Map(get().available).set(id, counted ?? published);
    // The same files under their other labels.
    for (const other of fileDatasetIds)
      if (publishedAs(other) === id) {
        dropped.set(other, collector.files);
        available.set(other, counted ?? published);
      }
    set({
      ...{ dropped, available },
      ...(id === OWN && { ownShape: read?.shape ?? report.shape, ownPictures: null, ownHub: null }),
    });
    // Files of unknown content wait for a person to say what they are: a dataset of their own, or which one.
    if (id === OWN) {
      notify('note', `${report.sentence} Say under Images what to take them for.`);
      return null;
    }
    collector.clear();
    return { kind: 'dataset', id };
  } catch (error) {
    if (!isAbort(error)) notify('error', sentenceOf(error));
    return null;
  }
}

/** Folders say what their pictures show: they wait for nobody. */
function takePictures(report: FilesReport, given: readonly File[]): Taken {
  const pictures = report.pictures!;
  const files = collector.files;
  settleFiles();
  for (const fault of pictures.faults) notify('note', fault);
  if (pictures.classes.length === 0)
    return { kind: 'singles', singles: { files: given, count: pictures.count } };
  takeOwn(files, pictures);
  return { kind: 'pictures' };
}

/**
 * Pictures become the dataset of a person's own.
 * @param hub where they are of, pinned to a commit, where they came from the Hugging Face Hub.
 * @param isUnkept whether they are to be kept for the next visit.
 */
export function takeOwn(
  files: readonly File[],
  pictures: NonNullable<FilesReport['pictures']>,
  hub: string | null = null,
  isUnkept = true,
): void {
  set({
    dropped: new Map(get().dropped).set(OWN, files),
    available: new Map(get().available).set(OWN, pictures.counts),
    ...{ ownShape: null, ownPictures: pictures, ownHub: hub, isUnkept, singles: NO_SINGLES },
    knownBy: networks.filter((network) => knows(network, pictures.classes)).map(({ id }) => id),
  });
}
