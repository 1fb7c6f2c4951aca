import { useEffect, useState } from 'react';
import { opening, using } from './takeAway.ts';

/** The files that were dropped, those in dropped folders as well: a browser tells of them while the event lasts. */
async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  const files = [...transfer.files];
  // Files that a program made have no entries.
  if (!entries.some(({ isDirectory }) => isDirectory)) return files;
  const { filesIn } = await import('./dropped.ts');
  return filesIn(entries);
}

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
