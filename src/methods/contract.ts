/**
 * What a method is. A method has two halves:
 *
 * - kernels run in a compute worker, where the tensors are: they see one batch of exit outputs at a time;
 * - `run` runs where the images are: it asks a `Runner` to send a split through a kernel and merges what comes
 *   back, in plain typed arrays.
 *
 * Batches are independent and merging is addition or placing, so one worker or eight give the same result,
 * and a batch that is lost with its device can be sent again.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Dataset, Split } from '../core/dataset.ts';
import type { Exit, Trace } from '../core/trace.ts';
import type { NetworkSummary } from '../network/network.ts';

export type { NetworkSummary } from '../network/network.ts';

/** Named arrays that cross the wire; their buffers are transferred. */
export type Arrays = Record<string, Uint8Array | Uint32Array | Float32Array | Float64Array>;

/**
 * The worker's half: computes on the outputs of every exit for one batch. Lives as long as one pass.
 * A kernel either returns arrays for every batch or accumulates and returns null; never both, so that a lost
 * batch can be sent again.
 */
export interface BatchKernel {
  /**
   * Accumulates before its first `await`, so that a flush that is asked for later includes this batch; resolves
   * when the device has done the batch.
   * @param outputs outputs[j] has shape [B, D_j]: the flattened output at exit j. The caller disposes of them
   * once the promise settles.
   * @param labels class of each of the B images.
   */
  batch(outputs: readonly Tensor2D[], labels: Uint8Array): Promise<Arrays | null>;
  /** What has been accumulated since the last flush; resets it. Null when nothing accumulates. */
  flush(): Promise<Arrays | null>;
  dispose(): void;
}

/** Makes a kernel for a pass. `parameters` are what the pass needs: class means, thresholds, weights. */
export type KernelFactory = (context: KernelContext, parameters: Arrays) => BatchKernel;

export interface KernelContext {
  /** Number of classes of the dataset. */
  readonly classes: number;
  /** D_j: numbers in the flattened output at exit j. */
  readonly dimensions: readonly number[];
}

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

/** One pass of a split through a kernel. */
export interface Pass {
  readonly kernel: string;
  readonly classes: number;
  /** Sent to each worker once. */
  readonly parameters: Arrays;
  readonly split: Split;
  /** Arrays of the images [from, from + count), in any order of `from`; each image comes exactly once. */
  readonly onBatch?: (from: number, count: number, arrays: Arrays) => void;
  /**
   * Accumulated arrays of some workers over some batches; each image is in exactly one of them. The pass ends
   * when all promises returned here are settled.
   */
  readonly onFlush?: (arrays: Arrays) => Promise<void> | void;
  /** Images done so far; may step back when a worker is lost with what it had accumulated. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** Sends splits through kernels on whatever computes. */
export interface Runner {
  readonly network: NetworkSummary;
  /** In plain words, for provenance: "CPU · wasm ×2". */
  readonly backend: string;
  run(pass: Pass): Promise<void>;
}

export interface RunContext<Fitted> {
  readonly runner: Runner;
  /** Commit of the code for provenance, or "live". */
  readonly commit: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called a few times a second with the trace so far (its first `count` images), and once when complete. */
  readonly onTrace?: (trace: Trace) => void;
  /** Called as soon as single images can be explained, and again when what was learnt has changed. */
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

/** One image at every exit. Matrices are exit-major: entry j·K + k. */
export interface Explanation {
  readonly exits: readonly Exit[];
  readonly classes: readonly string[];
  /** Raw Euclidean distances to the class means [M, K]; Infinity for a class without a mean. */
  readonly distance: Float32Array;
  /** Distances over their training mean, d / m [M, K] (eq. 4). */
  readonly normalised: Float32Array;
  /** Softmax of −d / m [M, K] (eq. 5). */
  readonly probability: Float32Array;
  /** The method's label and confidence at each exit [M], by the options of the run. */
  readonly prediction: Uint8Array;
  readonly confidence: Float32Array;
  /** The network's own output and its softmax [K of the network]. */
  readonly logits: Float32Array;
  readonly softmax: Float32Array;
}

export interface Method<Options, Fitted, Report> {
  readonly id: string;
  readonly name: string;
  readonly defaults: Options;
  /** Learns from the training split and traces both splits. */
  run(
    dataset: Dataset,
    options: Options,
    context: RunContext<Fitted>,
  ): Promise<MethodRun<Fitted, Report>>;
  /** The kernel through which one image is sent to be explained. The same arrays are sent once. */
  explainer(fitted: Fitted): { readonly kernel: string; readonly parameters: Arrays };
  /** Makes sense of what that kernel returned for one image. */
  explain(fitted: Fitted, arrays: Arrays): Explanation;
}
