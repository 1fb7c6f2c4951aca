/** Files and where they lay, before any archive is opened. */
import type { DataError } from '../errors.ts';
import type { ByteSource } from '../formats/bytes.ts';

/** A source that says where it lay; an archive's name without its ending is a folder of it. */
export interface PlacedSource extends ByteSource {
  readonly path: string;
}

export interface Expanded {
  readonly sources: readonly PlacedSource[];
  /** For each source, which of the given files it is or lies in. */
  readonly from: readonly number[];
  /** For each given file, what is wrong with it as an archive; null where nothing is. */
  readonly faults: readonly (DataError | null)[];
  /** On archives inside of archives, which stay closed: the given file that they lie in, and a sentence. */
  readonly closed: readonly { readonly from: number; readonly says: string }[];
  /** Names of what lies in archives that could not be opened, where their directory can be read. */
  readonly shut: readonly string[];
}

export const placed = (source: ByteSource): PlacedSource => ({
  ...{ name: source.name, path: source.path ?? source.name, stream: () => source.stream() },
  ...(source.size !== undefined && { size: source.size }),
  ...(source.blob ? { blob: source.blob } : source instanceof Blob && { blob: source }),
});

/** Archives are opened by their names: all of a folder's other files need not be looked into. */
export const isNamedArchive = (name: string): boolean => /\.(zip|tar|tgz|tar\.gz)$/i.test(name);
