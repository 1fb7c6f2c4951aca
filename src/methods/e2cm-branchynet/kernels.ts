/** E2CM+BranchyNet where the tensors are: the branches' logits and E2CM's kernels at their places, side by side. */
import { branchLogitsKernel } from '../parts/branches/kernels.ts';
import { onExits, sideBySide } from '../parts/compose.ts';
import { distancesKernel, sumsKernel } from '../parts/means/kernels.ts';

/** The exits' indices among the network's default exits. */
type Places = { readonly outputs: Uint32Array };

const outputsOf = ({ outputs }: Places): number[] => [...outputs];

/** E2CM's class sums. */
export const branchSumsKernel = onExits(sumsKernel, outputsOf);

/** Logits of the branches and the network, and distances at their places: [B, branches + 1, K] each. */
export const branchPairKernel = sideBySide(
  branchLogitsKernel,
  onExits(distancesKernel, outputsOf),
  ({ logits }, { distances }) => ({ logits, distances }),
);
