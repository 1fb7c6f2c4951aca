/** A run: what a method is given, what it tells on the way, and what comes of it. */
import type { Trace } from '../../core/trace.ts';
import type { ClusteringView } from './clustering.ts';
import type { Runner } from './runner.ts';
import type { Training } from './training.ts';

export interface Progress {
  /** What is being done, in words: "class means", "distances", "test images". */
  readonly phase: string;
  /** Position of the phase: 1 of 3. */
  readonly step: number;
  readonly steps: number;
  readonly done: number;
  readonly total: number;
  /** 0 until there is a rate. */
  readonly imagesPerSecond: number;
  /** Over all phases; null until there is a rate. */
  readonly secondsLeft: number | null;
}

export interface RunContext<Fitted> {
  readonly runner: Runner;
  /** Commit of the code for provenance, or "live". */
  readonly commit: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called a few times a second with the trace so far (its first `count` images), and once when complete. */
  readonly onTrace?: (trace: Trace) => void;
  readonly onTraining?: (training: Training) => void;
  readonly onClustering?: (view: ClusteringView) => void;
  /** What an earlier run of the same settings, that was stopped, left to go on from; for a method that can. */
  readonly checkpoint?: unknown;
  /** Called with that when a run is stopped or fails, before it rejects. */
  readonly onCheckpoint?: (checkpoint: unknown) => void;
  /**
   * Called as soon as single images can be explained, and again when what was learnt has changed; also with what is
   * fitted so far before a cancelled run rejects.
   */
  readonly onFitted?: (fitted: Fitted) => void;
}

/** What a run gives: what was learnt, the traces of both splits, and what else is worth telling. */
export interface MethodRun<Fitted, Report> {
  readonly fitted: Fitted;
  readonly train: Trace;
  readonly test: Trace;
  /** Training images that the method did not learn from; null when none were kept back. */
  readonly holdout: Trace | null;
  readonly report: Report;
}

/** What every method reports beside its traces. */
export interface MethodReport {
  /** Seconds of each phase and the rate at which it went through images. */
  readonly phases: readonly {
    readonly phase: string;
    readonly images: number;
    readonly seconds: number;
    readonly imagesPerSecond: number;
  }[];
  readonly seconds: number;
  /** What a reader of the numbers must know, as sentences: "No training image of class 7 …". */
  readonly warnings: readonly string[];
}
