/** A network's files in memory, fetched from a folder or given by a visitor; no tensors yet. */
import type { NetworkCard } from './card.ts';

/** One tensor in the weight data, as a tfjs weights manifest lists it. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

export interface NetworkFiles {
  readonly card: NetworkCard;
  /** `modelTopology` of model.json. */
  readonly topology: object;
  readonly weights: readonly WeightEntry[];
  /** All shards in a row. */
  readonly data: ArrayBuffer;
}
