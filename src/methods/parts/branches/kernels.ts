/** BranchyNet where the tensors are: the logits of every branch and of the network. */
import * as tf from '@tensorflow/tfjs-core';
import type { BatchKernel, KernelContext } from '../../contract/kernel.ts';

/** [B, branches + 1, K], the network's own last. */
export type BranchLogits = { readonly logits: Float32Array };

export const branchLogitsKernel = ({ branches }: KernelContext): BatchKernel<BranchLogits> => ({
  async batch(outputs) {
    const all = tf.tidy(() => tf.concat([...branches(outputs), outputs.at(-1)!], 1));
    const logits = await all.data<'float32'>();
    all.dispose();
    return { logits };
  },
  flush: () => Promise.resolve(null),
  dispose: () => undefined,
});
