/** What leaving costs where it is not counted in FLOPs: numbers that a person measured, in their own unit. */
import type { Outcome } from './replay.ts';
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
/** The same by the exits that carry the costs: what is made of such a trace, as of two judges one, has these exits too. */
const originalsOf = new WeakMap<Trace['exits'], Trace>();

/** The trace under the costs that it was made with. */
export function withoutCosts(trace: Trace): Trace {
  const known = originals.get(trace);
  if (known) return known;
  const original = originalsOf.get(trace.exits);
  if (!original) return trace;
  const { cost, costSource } = original.provenance.options;
  const options: Record<string, string | number | boolean> = { ...trace.provenance.options };
  delete options.cost;
  delete options.costSource;
  const { exits, networkFlops } = original;
  const made: Trace = {
    ...{ ...trace, exits, networkFlops },
    provenance: {
      ...trace.provenance,
      options: {
        ...options,
        ...(cost !== undefined && { cost }),
        ...(costSource !== undefined && { costSource }),
      },
    },
  };
  originals.set(trace, made);
  return made;
}

/** Mean FLOPs of an outcome beside those of the plain network, whatever its trace counts in; null where that came without. */
export function relativeFlops(trace: Trace, { leaving }: Pick<Outcome, 'leaving'>): number | null {
  const own = withoutCosts(trace);
  if (costUnit(own) !== 'FLOPs') return null;
  const sum = own.exits.reduce((flops, exit, j) => flops + leaving[j]! * exit.flops, 0);
  return trace.count === 0 ? 0 : sum / trace.count / own.networkFlops;
}

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
  originalsOf.set(changed.exits, original);
  return changed;
}
