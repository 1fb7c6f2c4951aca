/**
 * The index of a folder of recorded runs: what each is, on which images, and what it reaches, so that a page can list
 * and compare them before it has loaded a single trace. Written by `npm run record`; untrusted when it is read.
 */
import type { Budget } from './trace-file.ts';
import type { Exit, Provenance } from './trace.ts';

export const RUNS_FORMAT = 'offramp-runs/1';

/** One split of a run: how many of its images were traced, always the first ones. */
export interface RecordedSplit {
  /** Name of the two files, without `.json` and `.bin`. */
  readonly file: string;
  readonly count: number;
  /** Of the images that would be right, were all to leave at exit j. */
  readonly accuracy: readonly number[];
}

/** Accuracy on test at exactly a cost, thresholds found on train; null where no policy is so cheap. */
export interface BudgetPoint {
  /** Relative FLOPs. */
  readonly budget: number;
  readonly accuracy: number | null;
}

export interface RecordedRun {
  /** DATASET-NETWORK-METHOD, and what else tells it from its neighbours. */
  readonly id: string;
  readonly dataset: string;
  readonly network: string;
  readonly method: string;
  readonly budget: Budget | null;
  readonly exits: readonly Exit[];
  readonly networkFlops: number;
  readonly provenance: Provenance;
  readonly train: RecordedSplit;
  readonly test: RecordedSplit;
  /** What each search makes of the run. */
  readonly results: Readonly<Record<SearchName, readonly BudgetPoint[]>>;
}

/** `paper`: the paper's random starts and bisections; `frontier`: the exact coordinate search. */
export type SearchName = 'paper' | 'frontier';

/** The images behind the runs of a dataset: the file of their fingerprints, in the order of the traces. */
export interface FingerprintFile {
  readonly file: string;
  readonly count: number;
}

export interface RunIndex {
  readonly format: typeof RUNS_FORMAT;
  /** Seed of the paper's search in every `results`. */
  readonly searchSeed: number;
  readonly runs: readonly RecordedRun[];
  readonly images: Readonly<Record<string, Readonly<Record<'train' | 'test', FingerprintFile>>>>;
}
