/** What a method learnt, to be kept. */

/** What a method learnt, as a file: `header` is JSON, its arrays lie in `bytes`. */
export interface SavedMethod {
  readonly header: unknown;
  readonly bytes: Uint8Array;
}
