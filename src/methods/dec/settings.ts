/** What a DEC learner is told, as numbers. */

/** Rows that a learner keeps: bytes of images or floats of a frozen layer's output. */
export interface RowSettings {
  readonly rows: number;
  /** Numbers in a row. */
  readonly inputs: number;
  /** Rows a step; the last batch of an epoch may be smaller. */
  readonly batch: number;
  readonly seed: number;
  /** What bytes are multiplied by; 0 for rows that are floats. */
  readonly scale: number;
}

export interface AutoencoderSettings extends RowSettings {
  readonly epochs: number;
  /** Learning rate at its peak. */
  readonly rate: number;
}

export interface RefinementSettings extends RowSettings {
  readonly clusters: number;
  readonly rate: number;
  readonly momentum: number;
  /** Steps between two targets. */
  readonly interval: number;
  /** Share of the labels that may change between two targets for the clustering to count as settled. */
  readonly tolerance: number;
  /** Most steps. */
  readonly steps: number;
}

export interface CentresSettings {
  readonly rows: number;
  readonly dimensions: number;
  readonly clusters: number;
  readonly restarts: number;
  readonly seed: number;
}

/** Rows as a learner is fed them: [n, inputs], of rows `place[0]` on. */
export type FedRows = {
  readonly rows: Uint8Array | Float32Array;
  readonly place: Uint32Array;
};
