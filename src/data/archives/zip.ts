/** The entries of a zip archive, read one by one from where they lie: its size does not matter. */
import type { Bytes } from '../formats/bytes.ts';
import { DataError, grouped } from '../errors.ts';
import { ShutArchive } from './shut.ts';

export interface ZipEntry {
  readonly path: string;
  /** Unpacked. */
  readonly size: number;
  readonly stream: () => ReadableStream<Bytes>;
}

/** DEFLATE cannot pack better than this: an entry that claims more is forged. */
const BEST_RATIO = 1032;
const MOST_UNPACKED = 2 ** 31 - 1;

/** A name that leads out of the archive is told where names are read; nothing is written anywhere. */
const READING = { filenameValidation: 'tolerant' } as const;

/** @throws DataError with a sentence when it is damaged, locked, or claims what no archive can hold. */
export async function zipEntries(zip: Blob, name: string): Promise<ZipEntry[]> {
  const { BlobReader, ZipReader, configure } = await import('@zip.js/zip.js/index-native.js');
  // This is a worker already.
  configure({ useWebWorkers: false });
  try {
    const entries: ZipEntry[] = [];
    const listed = await new ZipReader(new BlobReader(zip), READING).getEntries();
    const shut = (sentence: string): DataError =>
      new ShutArchive(
        sentence,
        listed.map(({ filename }) => filename),
      );
    for (const entry of listed) {
      if (entry.directory) continue;
      const { filename: path, uncompressedSize: size, compressedSize: packed, encrypted } = entry;
      if (encrypted)
        throw shut(`${name} is locked with a password. Unpack it and give what is in it.`);
      if (size > BEST_RATIO * packed + 1024)
        throw shut(
          `${name}: ${path} claims to unpack ${grouped(packed)} bytes to ${grouped(size)}, which no zip can. ` +
            'It is damaged or forged.',
        );
      if (size > MOST_UNPACKED)
        throw shut(
          `${name}: ${path} unpacks to ${grouped(size)} bytes; at most ${grouped(MOST_UNPACKED)} can be opened here.`,
        );
      const stream = (): ReadableStream<Bytes> => {
        const bounded = upTo(size, `${name}: ${path}`);
        // What fails is heard by whoever reads.
        entry
          .getData(bounded.writable, { checkSignature: true })
          .catch((error: unknown) => bounded.writable.abort(error).catch(() => undefined));
        return bounded.readable;
      };
      entries.push({ path, size, stream });
    }
    return entries;
  } catch (error) {
    if (error instanceof DataError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(
      `${name} is no whole zip archive (${why}): it is cut off, damaged, or something else. Write or download it again.`,
    );
  }
}

/** Passes bytes on until there are more than an archive's directory says. */
function upTo(size: number, what: string): TransformStream<Bytes, Bytes> {
  let sum = 0;
  return new TransformStream<Bytes, Bytes>({
    transform(chunk, controller) {
      sum += chunk.length;
      if (sum > size)
        controller.error(new DataError(`${what} unpacks to more than its directory says: forged.`));
      else controller.enqueue(chunk);
    },
  });
}
