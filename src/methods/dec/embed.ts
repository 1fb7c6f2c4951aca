/** The embeddings of all images at every exit, in one pass. */
import type { Split } from '../../core/dataset.ts';
import type { Runner } from '../contract/runner.ts';
import type { BranchLogits } from '../parts/branches/kernels.ts';
import { own } from './own.ts';
import type { Phases } from '../run/phases.ts';

/** @returns of every exit, float32 [N, D]. */
export async function embedAll(
  runner: Runner,
  split: Split,
  clusters: number,
  phases: Phases,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const dimensions = runner.network.embedding!;
  const exits = runner.network.branches.length + 1;
  const all = Array.from({ length: exits }, () => new Float32Array(split.count * dimensions));
  const pass = {
    kernel: own.kernel('embeddings'),
    parameters: {},
    classes: clusters,
    split,
    onBatch: (from: number, count: number, { logits: rows }: BranchLogits) => {
      for (let i = 0; i < count; i++)
        all.forEach((of, j) => {
          const at = (i * exits + j) * dimensions;
          of.set(rows.subarray(at, at + dimensions), (from + i) * dimensions);
        });
    },
  };
  await phases.pass(pass, { runner, ...(signal && { signal }) });
  return all;
}
