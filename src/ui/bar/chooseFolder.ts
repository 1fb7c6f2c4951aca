/** A folder that a person picks, where the browser hands out folders (File System Access). */
import { place } from '../../data/places.ts';

interface FolderPicker {
  showDirectoryPicker(): Promise<FileSystemDirectoryHandle>;
}

export const picksFolders = (scope: object): scope is FolderPicker =>
  'showDirectoryPicker' in scope;

/** All files of the picked folder, or of folders in it; none where nothing was picked. */
export async function folderFiles(picker: FolderPicker): Promise<File[]> {
  const files: File[] = [];
  const visit = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
    for await (const entry of folder.values())
      if (isFile(entry)) files.push(place(await entry.getFile(), `${path}/${entry.name}`));
      else if (isFolder(entry)) await visit(entry, `${path}/${entry.name}`);
  };
  try {
    const root = await picker.showDirectoryPicker();
    await visit(root, root.name);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
  return files;
}

const isFile = (entry: FileSystemHandle): entry is FileSystemFileHandle => entry.kind === 'file';
const isFolder = (entry: FileSystemHandle): entry is FileSystemDirectoryHandle =>
  entry.kind === 'directory';
