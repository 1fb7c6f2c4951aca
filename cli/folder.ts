/** Published datasets from a folder on disk, for the command line. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { assemble, type Limit, type LoadOptions } from '../src/data/assemble.ts';
import { knownFileNames, publishedAs, type FileDatasetId } from '../src/data/catalogue.ts';
import { DataError } from '../src/data/errors.ts';
import { planFromNamed } from '../src/data/sources/published.ts';
import type { Dataset } from '../src/core/dataset.ts';
import type { Bytes, ByteSource } from '../src/data/formats/bytes.ts';

/** A file on disk as a source of bytes. */
export function fileSource(path: string, name: string, size: number): ByteSource {
  return {
    name,
    size,
    stream: () => streamOf(path),
  };
}

/** The bytes of a file in pieces, read as they are asked for; the file is closed when nobody wants more. */
function streamOf(path: string): ReadableStream<Bytes> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const pieces: AsyncIterator<Buffer<ArrayBuffer>> = file[Symbol.asyncIterator]();
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const next: IteratorResult<Buffer<ArrayBuffer>, unknown> = await pieces.next();
      if (next.done) {
        controller.close();
        return;
      }
      const { buffer, byteOffset, length } = next.value;
      controller.enqueue(new Uint8Array(buffer, byteOffset, length));
    },
    cancel: () => void file.destroy(),
  });
}

/**
 * Loads a dataset from `folder/ID`, or from `folder` itself when there is no such subfolder.
 * @throws DataError when files are missing or wrong; AbortError.
 */
export async function loadFolder(
  folder: string,
  id: FileDatasetId,
  limit: Limit = {},
  options: LoadOptions = {},
): Promise<Dataset> {
  const names = new Set(knownFileNames(id));
  const inside = join(folder, publishedAs(id));
  const home = (await isFolder(inside)) ? inside : folder;
  if (!(await isFolder(home))) {
    throw new DataError(
      `The folder ${folder} does not exist; expected one with ${id}'s published files.`,
    );
  }
  const found = (await readdir(home)).filter((name) => names.has(name));
  const files = await Promise.all(
    found.map(async (name) => ({ name, size: (await stat(join(home, name))).size })),
  );
  const plan = planFromNamed(id, files, home, ({ name, size }) =>
    fileSource(join(home, name), name, size),
  );
  return assemble({ ...plan, source: 'published files from a folder' }, limit, options);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
