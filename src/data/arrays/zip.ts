/** The entries of a `.zip` (an `.npz` and a `.pth` are such), unpacked under a limit. */
import { unzipSync, type UnzipFileInfo } from 'fflate';
import { DataError, grouped } from '../errors.ts';

/** Most bytes that an archive may unpack to. */
const MOST_UNPACKED = 2 ** 31 - 1;
/** Bytes of the shortest entry of a zip's directory: more entries than would fit are forged. */
const SHORTEST_ENTRY = 46;
/** DEFLATE cannot pack better than this: an entry that claims more is forged. */
const BEST_RATIO = 1032;

/**
 * Unpacks the entries that `wanted` names.
 * @throws DataError with a sentence when the archive is damaged, encrypted or unpacks to more than `MOST_UNPACKED`.
 */
export function unzip(
  bytes: Uint8Array,
  name: string,
  wanted: (entry: string) => boolean,
): Map<string, Uint8Array> {
  const sizes = new Map<string, number>();
  let total = 0;
  let listed = 0;
  const filter = ({ name: entry, size, originalSize }: UnzipFileInfo): boolean => {
    if (++listed * SHORTEST_ENTRY > bytes.length)
      throw new DataError(
        `${name} lists more entries than its ${bytes.length} bytes can hold. It is damaged or forged.`,
      );
    if (entry.endsWith('/') || !wanted(entry)) return false;
    total += originalSize;
    if (originalSize > BEST_RATIO * size + 1024)
      throw new DataError(
        `${name}: ${entry} claims to unpack ${size} bytes to ${originalSize}, which no zip can. It is damaged or forged.`,
      );
    if (total > MOST_UNPACKED)
      throw new DataError(
        `${name} unpacks to more than ${grouped(MOST_UNPACKED)} bytes, the most that can be opened here.`,
      );
    sizes.set(entry, originalSize);
    return true;
  };
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof DataError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(
      `${name} is no whole zip archive (${why}): it is cut off, damaged, or something else. Write or download it again.`,
    );
  }
  for (const [entry, size] of sizes)
    if (entries[entry]?.length !== size)
      throw new DataError(
        `${name}: ${entry} unpacks to ${entries[entry]?.length ?? 0} bytes; its directory says ${size}. It is damaged.`,
      );
  return new Map(Object.entries(entries));
}
