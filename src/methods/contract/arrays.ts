/** What crosses the wire between page and workers. */

export type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** Named arrays that cross the wire; their buffers are transferred. */
export type Arrays = Readonly<Record<string, NumberArray>>;
