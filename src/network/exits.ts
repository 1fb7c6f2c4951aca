/**
 * Which exits a network has, where a person chooses among those that were found: the others are dropped, and what was
 * computed before them belongs to the stage that follows. The last is the network itself and stays.
 */
import type { StageRange } from './stages.ts';

export interface ExitChoice {
  /** What the exit was found as: "layer2.1". */
  readonly at: string;
  /** What it is called from then on. */
  readonly name: string;
}

/** No mark that tells exits apart in a link or on a command line. */
const NAME = /^[^,=]{1,60}$/;

/** Of a card: names, or {"at": …, "name": …}; null where the card says nothing. @throws Error with a sentence. */
export function exitsOfCard(value: unknown): readonly ExitChoice[] | null {
  if (value === undefined || value === null) return null;
  const expected = 'card.json: "exits" must list names of exits, or {"at": NAME, "name": ANOTHER}.';
  if (!Array.isArray(value)) throw new Error(expected);
  const all = (value as readonly unknown[]).map((entry): ExitChoice => {
    const { at, name = at } = (typeof entry === 'string' ? { at: entry } : (entry ?? {})) as Record<
      string,
      unknown
    >;
    if (typeof at !== 'string' || typeof name !== 'string') throw new Error(expected);
    return { at, name };
  });
  return checkedExits(all);
}

/** The same exits. @throws Error with a sentence when names are none, or alike. */
export function checkedExits<Choices extends readonly ExitChoice[]>(all: Choices): Choices {
  for (const { at, name } of all)
    if (!NAME.test(at) || !NAME.test(name))
      throw new Error(
        `An exit cannot be called “${name.slice(0, 80)}”: expected up to 60 signs without a comma or “=”.`,
      );
  for (const field of ['at', 'name'] as const) {
    const seen = new Set<string>();
    for (const one of all) {
      if (seen.has(one[field])) throw new Error(`Two exits are called “${one[field]}”.`);
      seen.add(one[field]);
    }
  }
  return all;
}

/**
 * Stages that end at the exits that are kept.
 * @param chosen null: all that were found.
 * @param taken nodes on which outputs of their own hang; an exit there cannot be dropped.
 * @throws Error with a sentence when an exit is none of those that were found.
 */
export function keptStages(
  found: readonly StageRange[],
  chosen: readonly ExitChoice[] | null,
  taken: ReadonlySet<number>,
): readonly StageRange[] {
  if (!chosen) return found;
  const names = found.map(({ name }) => name);
  const strange = chosen.find(({ at }) => !names.includes(at));
  if (strange)
    throw new Error(`The network has no exit “${strange.at}”; it has ${names.join(', ')}.`);
  const own = names.at(-1)!;
  if (chosen.some(({ at, name }) => at === own && name !== own))
    throw new Error(`The last exit is the network itself: it stays, and is called ${own}.`);
  if (chosen.some(({ at, name }) => at !== own && name === own))
    throw new Error(`The last exit is called ${own}; no other one can be.`);
  const stages: StageRange[] = [];
  let first = found[0]!.first;
  found.forEach(({ name, last }, s) => {
    const kept = chosen.find(({ at }) => at === name);
    if (!kept && taken.has(last))
      throw new Error(
        `The exit ${name} cannot be dropped: an output of the network’s own hangs there.`,
      );
    if (!kept && s < found.length - 1) return;
    stages.push({ name: kept?.name ?? name, first, last });
    first = last + 1;
  });
  return stages;
}
