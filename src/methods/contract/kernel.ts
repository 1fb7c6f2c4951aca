/**
 * Kernels run in a compute worker, where the tensors are: they see one batch of exit outputs at a time. Batches are
 * independent and merging is addition or placing, so one worker or eight give the same result, and a batch that is lost
 * with its device can be sent again.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Arrays } from './arrays.ts';

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
  /** Logits of the network's branches, each [B, K], from the outputs that `batch` was given; the caller disposes. */
  readonly branches: (outputs: readonly Tensor2D[]) => Tensor2D[];
}
