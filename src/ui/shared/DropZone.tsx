import { useEffect, useState } from 'react';
import { place } from '../../data/places.ts';
import { opening, using } from './takeAway.ts';

/** The files that were dropped, those in dropped folders as well. */
async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  // Files that a program made have no entries.
  if (!entries.some(({ isDirectory }) => isDirectory)) return [...transfer.files];
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

/** Files may be dropped anywhere on the page. */
export function DropZone() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const carriesFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes('Files') ?? false;
    const onDragOver = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const files = filesOf(event.dataTransfer!);
      void using(opening, async ({ openFiles }) => openFiles(await files));
    };
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void using(opening, ({ openFiles }) => openFiles(files));
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
      document.removeEventListener('paste', onPaste);
    };
  }, []);
  return over ? (
    <div className="drop-zone">
      Drop folders or archives of pictures, the files of a dataset, or a trace with its thresholds
    </div>
  ) : null;
}
