/** E2CM+BranchyNet where the tensors are: the branches' logits and E2CM's kernels at their places, side by side. */
import { branchLogitsKernel } from '../parts/branches/kernels.ts';
import { onExits, sideBySide } from '../parts/compose.ts';
import type { Arrays } from '../contract/arrays.ts';
import { distancesKernel, sumsKernel } from '../parts/means/kernels.ts';

const outputsOf = ({ outputs }: Arrays): number[] => [...(outputs as Uint32Array)];

/** E2CM's class sums. Parameters: `outputs` uint32, the exits' indices among the network's default exits. */
export const branchSumsKernel = onExits(sumsKernel, outputsOf);

/**
 * Parameters: `outputs`; `means` and `counts` as E2CM's kernel takes them.
 * Batch: `logits` float32 [B, branches + 1, K] of the branches and the network, `distances` float32 of the same shape.
 */
export const branchPairKernel = sideBySide(branchLogitsKernel, onExits(distancesKernel, outputsOf));
