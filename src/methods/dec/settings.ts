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

/** @throws Error with a sentence that names a setting that is missing. */
export function readSettings<Settings>(
  given: Readonly<Record<string, number>>,
  names: readonly (keyof Settings & string)[],
): Settings {
  for (const name of names)
    if (!Number.isFinite(given[name]))
      throw new Error(`The setting ${name} of a DEC learner is missing.`);
  return given as unknown as Settings;
}

export const ROW_NAMES = ['rows', 'inputs', 'batch', 'seed', 'scale'] as const;
