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

/** A comma behind a name parts the two; between digits it is a decimal one. */
function cellsOf(line: string): string[] {
  const [, name, rest] = /^([^,;|\t]*\p{L}[^,;|\t]*),(.*)$/u.exec(line) ?? [];
  const cells = (rest ?? line).split(/[\s;|]+|,(?=\s|$)/);
  return [...(name === undefined ? [] : [name.trim()]), ...cells].filter((cell) => cell !== '');
}

/** A number as people write it: 1.5, 1,5 or 1.5e-3. */
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/**
 * Costs from text: a number an exit, in their order, or a line an exit with its name before the number; a line "network"
 * gives the plain network's, which is otherwise that of the last exit. A head without numbers is passed over.
 * @throws Error with a sentence that names the line and what is wrong with it.
 */
export function readCosts(text: string, exits: Trace['exits']): Pick<Costs, 'exits' | 'network'> {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const byName = new Map<string, number>();
  const inOrder: number[] = [];
  for (const [n, line] of lines.entries()) {
    const cells = cellsOf(line);
    const numbers = cells.filter((cell) => NUMBER.test(cell)).map((cell) => valueOf(cell, n));
    if (numbers.length === 0) {
      if (cells.length > 0 && (inOrder.length > 0 || byName.size > 0))
        throw new Error(`Line ${n + 1} (“${line.slice(0, 40)}”) has no number.`);
      continue;
    }
    const name = cells[0]!;
    if (NUMBER.test(name)) inOrder.push(...numbers);
    else if (byName.has(name)) throw new Error(`Line ${n + 1}: ${name} has a cost already.`);
    else if (numbers.length > 1)
      throw new Error(`Line ${n + 1}: ${name} has ${numbers.length} numbers; expected one.`);
    else byName.set(name, numbers[0]!);
  }
  const network = byName.get('network');
  byName.delete('network');
  if (byName.size > 0 && inOrder.length > 0)
    throw new Error('Some lines have names and some have none. Name every exit, or none.');
  const found = byName.size > 0 ? namedCosts(byName, exits) : inOrder;
  if (found.length !== exits.length)
    throw new Error(
      `Expected ${exits.length} numbers, one for each exit (${exits[0]!.name} to ${exits.at(-1)!.name}); there are ${found.length}.`,
    );
  const whole = network ?? found.at(-1)!;
  if (!(whole > 0)) throw new Error(`The plain network costs ${whole}; expected more than 0.`);
  return { exits: found, network: whole };
}

function valueOf(cell: string, line: number): number {
  const value = Number(cell.replace(',', '.'));
  if (value >= 0 && value < Infinity) return value;
  throw new Error(`Line ${line + 1} has a cost of ${cell}; expected a number, 0 or more.`);
}

function namedCosts(byName: ReadonlyMap<string, number>, exits: Trace['exits']): number[] {
  const unknown = [...byName.keys()].find((name) => !exits.some((exit) => exit.name === name));
  if (unknown !== undefined)
    throw new Error(
      `There is no exit “${unknown}”; there are ${exits.map(({ name }) => name).join(', ')}.`,
    );
  const missing = exits.find(({ name }) => !byName.has(name));
  if (missing) throw new Error(`The cost of ${missing.name} is missing.`);
  return exits.map(({ name }) => byName.get(name)!);
}
