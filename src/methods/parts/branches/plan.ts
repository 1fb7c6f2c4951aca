/** The exits of a network with branches, and what its traces are filed under. */
import { NOT_STATED, type Exit, type TraceHead } from '../../../core/trace.ts';
import { sizeOf } from '../../../core/shape.ts';
import type { BranchSummary, NetworkSummary } from '../../../network/network.ts';
import { exitsAt } from '../classifiers/sites.ts';

/** A branch with the stage on whose output it hangs. */
export interface BranchSite extends BranchSummary {
  /** Index of the stage. */
  readonly stage: number;
  /** Numbers in that stage's output. */
  readonly size: number;
}

export function branchSites({ branches, exits, stages }: NetworkSummary): BranchSite[] {
  return branches.map((branch) => {
    const stage = exits[branch.output]!;
    return { ...branch, stage, size: sizeOf(stages[stage]!.shape) };
  });
}

/** Exits at the branches and at the network's end. @param ownFlops what is paid at a branch, its layers included. */
export function branchExits(
  network: NetworkSummary,
  ownFlops: (site: BranchSite) => number = ({ flops }) => flops,
): Exit[] {
  const sites = branchSites(network).map((site) => ({
    ...site,
    name: network.stages[site.stage]!.name,
  }));
  return exitsAt(network, sites, ownFlops);
}

/**
 * Traces of a jointly trained network are filed under the network of the same layers that was trained alone, so that
 * methods stand side by side; that its weights are its own is said among the options.
 */
export function filedUnder(
  head: TraceHead,
  { id, plain, branches, trainedOn, epochs, seed }: NetworkSummary,
): TraceHead {
  const { provenance } = head;
  const options = {
    ...provenance.options,
    // What trained the network, here or elsewhere: not what was asked of a training that was not needed.
    epochs: epochs ?? NOT_STATED,
    seed: seed ?? NOT_STATED,
    branches: branches.map(({ name }) => name).join(', '),
    weights: 'trained jointly with the branches',
    ...(trainedOn > 0 && { trainedOn }),
  };
  return { ...head, network: plain ?? id, provenance: { ...provenance, options } };
}
