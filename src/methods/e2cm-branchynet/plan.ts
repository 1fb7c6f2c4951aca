/** Where E2CM+BranchyNet decides, and what that costs. */
import { distanceFlops } from '../../core/flops.ts';
import type { Exit } from '../../core/trace.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { branchExits } from '../parts/branches/plan.ts';

/** Indices of the branches' places among the network's default exits, and of its own output. */
export function outputsAt({ branches, exits }: NetworkSummary): number[] {
  return [...branches.map(({ output }) => output), exits.length - 1];
}

/** Exits at which both the branch and the distances to the class means are paid. */
export function branchPairExits(network: NetworkSummary, classes: number): Exit[] {
  return branchExits(network, ({ flops, size }) => flops + distanceFlops(classes, size));
}
