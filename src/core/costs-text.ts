/** Costs as a person writes them: numbers, or lines of a name and a number. */
import type { Costs } from './costs.ts';
import type { Trace } from './trace.ts';

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
