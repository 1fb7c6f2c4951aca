/** Networks in archives: the files in each, or beside it. */
import { unzipSync } from 'fflate';
import { MOST_FILE_BYTES } from '../../network/single-file.ts';

/**
 * Files with those that lie in zips among them in their place; the same files where there are none.
 * @throws Error with a sentence when an archive is damaged.
 */
export function unpacked(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  if (![...files.keys()].some(isArchive)) return files;
  const all = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    if (!isArchive(name)) {
      all.set(name, bytes);
      continue;
    }
    for (const [path, content] of Object.entries(filesIn(name, bytes)))
      all.set(path.split('/').at(-1)!, content);
  }
  return all;
}

const isArchive = (name: string): boolean => /\.zip$/i.test(name);

function filesIn(name: string, bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes, {
      filter: ({ name: of, originalSize }) =>
        !/(^|\/)(__MACOSX\/|\.)|\/$/.test(of) && originalSize <= MOST_FILE_BYTES,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} cannot be unpacked (${why}). Give the files in it.`, { cause: error });
  }
}
