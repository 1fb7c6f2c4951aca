/** What leaving costs where it is not counted in FLOPs: numbers that a person measured, in their own unit. */
import type { Trace } from './trace.ts';

export interface Costs {
  /** "ms", "mJ", … */
  readonly unit: string;
  /** Where the numbers come from: device, batch, how they were measured. */
  readonly source: string;
  /** Of an image that leaves at exit j, all that it visited before included. */
  readonly exits: readonly number[];
  /** Of an image through the plain network. */
  readonly network: number;
}

/** The unit of a trace's costs, "FLOPs" where it says no other. */
export function costUnit({ provenance }: Pick<Trace, 'provenance'>): string {
  const { cost } = provenance.options;
  return typeof cost === 'string' ? cost : 'FLOPs';
}

/** Where the costs of a trace come from, where that was said. */
export function costSource({ provenance }: Pick<Trace, 'provenance'>): string | null {
  const { costSource: source } = provenance.options;
  return typeof source === 'string' && source !== '' ? source : null;
}

/** What traces were before they were given other costs; forgotten with them. */
const originals = new WeakMap<Trace, Trace>();

/** The trace as it was made. */
export const withoutCosts = (trace: Trace): Trace => originals.get(trace) ?? trace;

/**
 * The same trace under other costs, in the place of its own and of those that it was given before.
 * @throws Error with a sentence when they are of another number of exits.
 */
export function withCosts(trace: Trace, costs: Costs): Trace {
  const original = withoutCosts(trace);
  const { exits, provenance } = original;
  if (costs.exits.length !== exits.length)
    throw new Error(
      `There are ${costs.exits.length} costs, but ${original.network} has ${exits.length} exits.`,
    );
  const { unit, source } = costs;
  const changed: Trace = {
    ...original,
    exits: exits.map((exit, j) => ({ ...exit, flops: costs.exits[j]! })),
    networkFlops: costs.network,
    provenance: {
      ...provenance,
      options: { ...provenance.options, cost: unit, ...(source && { costSource: source }) },
    },
  };
  originals.set(changed, original);
  return changed;
}
