/**
 * What a method is. A method has two halves:
 *
 * - kernels run in a compute worker, where the tensors are: they see one batch of exit outputs at a time;
 * - `fit` and `trace` run where the images are: they ask a `Runner` to send a split through a kernel and merge
 *   what comes back, in plain typed arrays.
 *
 * Batches are independent and merging is addition or placing, so one worker or eight give the same result,
 * and a batch that is lost with its device can be sent again.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Split, SplitName } from '../core/dataset.ts';
import type { Trace } from '../core/trace.ts';

/** Named arrays that cross the wire; their buffers are transferred. */
export type Arrays = Record<string, Uint8Array | Uint32Array | Float32Array | Float64Array>;

/** The worker's half: computes on the outputs of every exit for one batch. Lives as long as one pass. */
export interface BatchKernel {
  /**
   * @param outputs outputs[j] has shape [B, D_j]: the flattened output at exit j. The caller disposes of them.
   * @param labels class of each of the B images.
   * @returns arrays for these images, or null when the kernel only accumulates.
   */
  batch(outputs: readonly Tensor[], labels: Uint8Array): Promise<Arrays | null>;
  /** What has been accumulated since the last flush; resets it. Null when nothing accumulates. */
  flush(): Promise<Arrays | null>;
  dispose(): void;
}

/** Makes a kernel for a pass. `parameters` are what the pass needs: class means, thresholds, weights. */
export type KernelFactory = (context: KernelContext, parameters: Arrays) => BatchKernel;

export interface KernelContext {
  readonly classes: number;
  /** D_j: numbers in the flattened output at exit j. */
  readonly dimensions: readonly number[];
}

/** What is known of a loaded network without its weights. */
export interface NetworkSummary {
  readonly id: string;
  readonly classes: readonly string[];
  /** Stages with one tensor between them; the default exits sit after some of them. */
  readonly stages: readonly { name: string; flops: number; shape: readonly number[] }[];
  /** Indices of stages after which the default exits sit; the last is the classifier. */
  readonly exits: readonly number[];
  /** FLOPs of the plain network, one image. */
  readonly flops: number;
  readonly parameters: number;
  readonly weightBytes: number;
}

export interface Progress {
  /** What is being done, in words: "class means", "distances", "test images". */
  readonly phase: string;
  /** Position of the phase: 1 of 3. */
  readonly step: number;
  readonly steps: number;
  readonly done: number;
  readonly total: number;
  readonly imagesPerSecond: number;
  /** Over all phases; null until there is a rate. */
  readonly secondsLeft: number | null;
}

/** One pass of a split through a kernel. */
export interface Pass {
  readonly kernel: string;
  readonly parameters: Arrays;
  readonly split: Split;
  /** Arrays of the images [from, from + count), in any order of `from`; each image comes exactly once. */
  readonly onBatch?: (from: number, count: number, arrays: Arrays) => void;
  /** Accumulated arrays of some workers over some batches; each image is in exactly one of them. */
  readonly onFlush?: (arrays: Arrays) => void;
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

export interface FitContext {
  readonly runner: Runner;
  readonly datasetId: string;
  readonly seed: number | null;
  readonly commit: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called a few times a second with the trace so far (its first `count` images), and once when complete. */
  readonly onTrace?: (trace: Trace) => void;
}

/** What `fit` and tracing both splits give. */
export interface MethodRun<Fitted> {
  readonly fitted: Fitted;
  readonly train: Trace;
  readonly test: Trace;
}

export interface Method<Options, Fitted> {
  readonly id: string;
  readonly name: string;
  readonly defaults: Options;
  /** Learns from the training split; the training trace comes with it. */
  fit(train: Split, options: Options, context: FitContext): Promise<{ fitted: Fitted; trace: Trace }>;
  /** Traces a split with what was learnt. */
  trace(
    fitted: Fitted,
    split: Split,
    name: SplitName,
    options: Options,
    context: FitContext,
  ): Promise<Trace>;
}
