/**
 * Kernels run in a compute worker, where the tensors are: they see one batch of exit outputs at a time. Batches are
 * independent and merging is addition or placing, so one worker or eight give the same result, and a batch that is lost
 * with its device can be sent again.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Arrays } from './arrays.ts';

/** Types that travel with a name and are never there: what a worker's half computes, for whoever asks it. */
export declare const types: unique symbol;

/**
 * The worker's half: computes on the outputs of every exit for one batch. Lives as long as one pass.
 * A kernel either returns arrays for every batch or accumulates and returns null; never both, so that a lost
 * batch can be sent again.
 * @template Result arrays by name, of a batch or of a flush.
 */
export interface BatchKernel<Result extends Arrays = Arrays> {
  /**
   * Accumulates before its first `await`, so that a flush that is asked for later includes this batch; resolves
   * when the device has done the batch.
   * @param outputs outputs[j] has shape [B, D_j]: the flattened output at exit j. The caller disposes of them
   * once the promise settles.
   * @param labels class of each of the B images.
   */
  batch(outputs: readonly Tensor2D[], labels: Uint8Array): Promise<Result | null>;
  /** What has been accumulated since the last flush; resets it. Null when nothing accumulates. */
  flush(): Promise<Result | null>;
  dispose(): void;
}

/** Makes a kernel for a pass. `parameters` are what the pass needs: class means, thresholds, weights. */
export type KernelFactory<Parameters extends Arrays, Result extends Arrays> = (
  context: KernelContext,
  parameters: Parameters,
) => BatchKernel<Result>;

/** A kernel of a worker's half. Written as a method, so that kernels of any parameters fit into one record. */
export interface Kernel<Parameters extends Arrays = Arrays, Result extends Arrays = Arrays> {
  open(context: KernelContext, parameters: Parameters): BatchKernel<Result>;
}

/** An entry of `kernels` in a method's `worker.ts`; its types are those of whoever asks for it, too. */
export const defineKernel = <Parameters extends Arrays, Result extends Arrays>(
  open: KernelFactory<Parameters, Result>,
): Kernel<Parameters, Result> => ({ open });

/** A kernel by name, as a pass asks for it: `own.kernel('distances')`. */
export interface KernelRef<Parameters extends Arrays = Arrays, Result extends Arrays = Arrays> {
  /** The method in whose folder it is; null for one of the engine's own. */
  readonly method: string | null;
  readonly name: string;
  readonly [types]?: { readonly parameters: Parameters; readonly result: Result };
}

/** What of a pass says what is computed. */
export interface Through<Parameters extends Arrays = Arrays, Result extends Arrays = Arrays> {
  readonly kernel: KernelRef<Parameters, Result>;
  /** Sent to each worker once. */
  readonly parameters: NoInfer<Parameters>;
}

/** Holds the parameters against those of the kernel. */
export const through = <Parameters extends Arrays, Result extends Arrays>(
  kernel: KernelRef<Parameters, Result>,
  parameters: NoInfer<Parameters>,
): Through<Parameters, Result> => ({ kernel, parameters });

export interface KernelContext {
  /** Number of classes of the dataset. */
  readonly classes: number;
  /** D_j: numbers in the flattened output at exit j. */
  readonly dimensions: readonly number[];
  /** Logits of the network's branches, each [B, K], from the outputs that `batch` was given; the caller disposes. */
  readonly branches: (outputs: readonly Tensor2D[]) => Tensor2D[];
}
