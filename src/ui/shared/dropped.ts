/** What was dropped, folders and all. */
import { place } from '../../data/places.ts';

/** The files of dropped entries, those in folders as well, each with its place. */
export async function filesIn(entries: readonly FileSystemEntry[]): Promise<File[]> {
  const found: File[] = [];
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    if (found.length > MOST_FILES) return;
    if (isFolder(entry)) {
      const reader = entry.createReader();
      for (;;) {
        // A folder gives its entries a hundred at a time.
        const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
          reader.readEntries(resolve, reject),
        );
        if (some.length === 0) break;
        for (const one of some) await visit(one);
      }
    } else if (isFile(entry) && !entry.name.startsWith('.')) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      found.push(place(file, entry.fullPath.slice(1)));
    }
  };
  for (const entry of entries) await visit(entry);
  return found;
}

/** Files of dropped folders that are looked at. */
const MOST_FILES = 100_000;

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
