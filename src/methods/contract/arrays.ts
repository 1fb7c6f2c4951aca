/** What crosses the wire between page and workers. */

/** Named arrays that cross the wire; their buffers are transferred. */
export type Arrays = Record<
  string,
  Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array
>;
