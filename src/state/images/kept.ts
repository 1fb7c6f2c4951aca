/** Pictures of a person's own that stay in this browser until they are thrown away. */
import { create } from 'zustand';
import type { PicturesReport } from '../../data/sources/pictures.ts';
import { pathOf, place } from '../../data/places.ts';
import { OWN, useImages } from '../lease/images.ts';
import { notify } from '../notices.ts';
import { roomHere, shelf, type Room } from '../shelf.ts';
import { takeOwn } from './take.ts';

/** A line of the list. */
export interface KeptImages {
  readonly id: string;
  readonly title: string;
  readonly bytes: number;
  /** When it was opened last, in milliseconds since 1970. */
  readonly opened: number;
  readonly pictures: PicturesReport;
  /** Of the Hugging Face Hub: its name, pinned to a commit. */
  readonly hub?: string;
}

/** Many small files are one large one and the list of them. */
interface Pack {
  readonly id: string;
  readonly content: Blob;
  readonly files: readonly {
    readonly path: string;
    readonly size: number;
    readonly lastModified: number;
  }[];
}

export interface KeptImagesList {
  /** Null until the list was read; the one that was opened last first. */
  readonly entries: readonly KeptImages[] | null;
  readonly room: Room;
}

export const useKeptImages = create<KeptImagesList>(() => ({ entries: null, room: null }));

const images = shelf<KeptImages, Pack>('offramp-images');

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Keeps the pictures of a person's own, where they are not kept yet. */
export async function keepOwn(): Promise<void> {
  const { dropped, ownPictures, ownHub, isUnkept } = useImages.getState();
  const files = dropped.get(OWN);
  if (!isUnkept || !files || !ownPictures) return;
  useImages.setState({ isUnkept: false });
  await keepImages(files, ownPictures, ownHub);
}

/** Keeps what was opened. Where there is no room that is said, and it goes on in memory. */
async function keepImages(
  given: readonly File[],
  pictures: PicturesReport,
  hub: string | null,
): Promise<void> {
  const files = given.map((file) => ({
    ...{ path: pathOf(file), size: file.size, lastModified: file.lastModified },
  }));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const title = hub?.replace(/@.*/, '') ?? titleFor(files.map(({ path }) => path));
  const id = hub ?? `${title} · ${files.length} · ${bytes}`;
  try {
    await images.put(
      { id, title, bytes, opened: Date.now(), pictures, ...(hub !== null && { hub }) },
      { id, content: new Blob([...given]), files },
    );
  } catch {
    const room = await roomHere();
    const granted = room
      ? ` Of ${megabytes(room.quota)} that the browser grants this page, ${megabytes(room.used)} are used.`
      : '';
    notify(
      'note',
      `This browser has no room to keep these pictures (${megabytes(bytes)}).${granted} They stay open until the page is ` +
        'closed; throw others away under Images to keep them.',
    );
  }
  if (useKeptImages.getState().entries) await readKept();
}

/** What all lie in, or the first file. */
function titleFor(paths: readonly string[]): string {
  const roots = new Set(paths.map((path) => path.split('/')[0]!));
  const [first] = roots;
  return roots.size < 2 ? (first ?? 'pictures') : `${first!} and ${roots.size - 1} more`;
}

/** Reads the list anew. */
export async function readKept(): Promise<void> {
  // How much room there is may take long to say, and the list is another one by then.
  const room = await roomHere();
  const entries = await images.list();
  useKeptImages.setState({ entries: [...entries].sort((a, b) => b.opened - a.opened), room });
}

/** Makes kept pictures the dataset of a person's own. @throws Error with a sentence when they are gone. */
export async function takeKept(entry: KeptImages): Promise<void> {
  const pack = await images.find(entry.id);
  if (!pack)
    throw new Error('Those pictures are no longer kept in this browser. Open their folder again.');
  let at = 0;
  const files = pack.files.map(({ path, size, lastModified }) => {
    const part = pack.content.slice(at, (at += size));
    return place(new File([part], path.replace(/^.*\//, ''), { lastModified }), path);
  });
  takeOwn(files, entry.pictures, entry.hub ?? null, false);
  await images.relist({ ...entry, opened: Date.now() });
}

/** For a link to a person's own images: those that were opened last, where none are open. */
export async function restoreLatest(): Promise<void> {
  if (useImages.getState().dropped.has(OWN)) return;
  await readKept();
  const [latest] = useKeptImages.getState().entries ?? [];
  // Others may have been dropped meanwhile.
  if (latest && !useImages.getState().dropped.has(OWN)) await takeKept(latest);
}

export async function throwAway(id: string): Promise<void> {
  await images.remove(id);
  await readKept();
}
