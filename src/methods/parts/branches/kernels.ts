/** BranchyNet where the tensors are: the logits of every branch and of the network. */
import * as tf from '@tensorflow/tfjs-core';
import type { BatchKernel, KernelFactory } from '../../contract/kernel.ts';

/** No parameters. Batch: `logits` float32 [B, branches + 1, K], the network's own last. */
export const branchLogitsKernel: KernelFactory = ({ branches }): BatchKernel => ({
  async batch(outputs) {
    const all = tf.tidy(() => tf.concat([...branches(outputs), outputs.at(-1)!], 1));
    const logits = (await all.data()) as Float32Array;
    all.dispose();
    return { logits };
  },
  flush: () => Promise.resolve(null),
  dispose: () => undefined,
});
