/** What the worker that reads networks is asked. Types only. */
import type { Reading } from '../network/given.ts';

/** One of the files of a network: a person's own, which is read in the worker, or bytes that were fetched. */
export interface NetworkFile {
  readonly name: string;
  readonly content: Blob | Uint8Array;
}

export interface ReadRequest {
  /** Their bytes, where they are fetched, are handed over. */
  readonly files: readonly NetworkFile[];
  /** Height and width of the images, where the files leave them open and somebody has said them. */
  readonly size: number | null;
}

export type ReadAnswer =
  | {
      readonly reading: Reading;
      /** The files, back from the worker, where they must be read once more; else null. */
      readonly files: readonly NetworkFile[] | null;
    }
  /** Weights lie in another file, which did not come; the files are given back. */
  | {
      readonly missing: string;
      readonly sentence: string;
      readonly files: readonly NetworkFile[];
    };

export interface ReadCalls {
  /** Tells what it is about, in words. */
  read: { request: ReadRequest; result: ReadAnswer; progress: string };
}
