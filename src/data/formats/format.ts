/** What a format of dataset files has to say of itself; each is one file of this folder and one line of `index.ts`. */
import { DataError } from '../errors.ts';
import type { ImageShape, Split, SplitName } from '../../core/dataset.ts';
import type { CatalogueEntry, FileDatasetId } from '../catalogue.ts';
import type { Bytes, ByteSource, ReadOptions } from './bytes.ts';

/** The beginning of a file, unpacked. */
export interface Head {
  readonly name: string;
  readonly bytes: Bytes;
  /** Bytes of the whole file; missing where it is packed, or nobody knows. */
  readonly size: number | undefined;
}

/** What a file turned out to be. */
export interface Found {
  /** The dataset that its content gives away; null where many datasets look like this. */
  readonly dataset: FileDatasetId | null;
  /** The split that its content or its name tells; `both` for a file that holds all; null where neither does. */
  readonly split: SplitName | 'both' | null;
  /** What it is in its split: "images", "labels", or the name of a batch. */
  readonly role: string;
  /** How many of that, where the beginning says. */
  readonly count: number | null;
  /** Of its images, where the beginning says; null for what holds none. */
  readonly shape: ImageShape | null;
}

/** A file whose role is known. */
export interface Part extends Found {
  readonly source: ByteSource;
}

/** The files of a split: all there in the order in which `read` takes them, or what is wrong, in words. */
export type Chosen =
  | { readonly files: readonly ByteSource[] }
  | {
      readonly files: null;
      /** "the test labels (t10k-labels-idx1-ubyte.gz)". */
      readonly missing: readonly string[];
      /** Sentences. */
      readonly conflicts: readonly string[];
    };

export interface Wanted extends ReadOptions {
  readonly split: SplitName;
  /** The dataset that the files are to be; null for a person's own, with classes and sizes as the files have them. */
  readonly entry: CatalogueEntry | null;
  /** Only the first images. */
  readonly limit?: number | undefined;
}

export interface ReadSplit extends Split {
  /** Images that the files hold. */
  readonly total: number;
  readonly shape: ImageShape;
  /** True when the content is that of a published file, or its beginning. */
  readonly published: boolean;
  /** The file whose labels they are, for messages. */
  readonly labelFile: string;
  /** Names of the classes, where files of no known dataset bring them. */
  readonly classes?: readonly string[];
  /** The label of the first of those classes: 1 where a file counts from 1. */
  readonly firstLabel?: number;
  /** What was done to the images when they were read, in words. */
  readonly remark?: string;
}

export interface Format {
  /** Bytes at the beginning of a file that `recognise` asks for. */
  readonly headBytes: number;
  /**
   * What a file is by its content, and by its name where content cannot tell; null when it is none of this format.
   * @throws DataError for one of this format that is not read here, saying why.
   */
  recognise(head: Head): Found | null;
  /**
   * Picks a split's files among those at hand, all of one dataset.
   * @param entry that dataset; null for a person's own.
   */
  choose(split: SplitName, parts: readonly Part[], entry: CatalogueEntry | null): Chosen;
  /**
   * Reads the files of a split.
   * @param files as `choose` gives them, or as the catalogue lists them.
   * @throws DataError for anything wrong with a file; AbortError.
   */
  read(files: readonly ByteSource[], wanted: Wanted): Promise<ReadSplit>;
}

/** The split that a file's name tells, if any. */
export function splitByName(name: string): SplitName | null {
  if (/t10k|test|val/i.test(name)) return 'test';
  return /train/i.test(name) ? 'train' : null;
}

/** @throws DataError when fewer files came than a split of the format has. */
export function fileAt(files: readonly ByteSource[], at: number, what: string): ByteSource {
  const file = files[at];
  if (file) return file;
  throw new DataError(`A split lacks its file of ${what}: ${files.length} files came.`);
}
