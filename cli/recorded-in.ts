/** The recorded runs of a folder, and the cards of their networks. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rule } from '../src/core/policy.ts';
import { parseRunIndex, type RecordedRun } from '../src/core/run-index.ts';
import { parseCard, type NetworkCard } from '../src/network/card.ts';
import type { Recorded } from './result-blocks.ts';
import { makeIndex } from './run-index.ts';

const PUBLIC = fileURLToPath(new URL('../public', import.meta.url));

/** The runs that come with the page. */
export const RUNS = join(PUBLIC, 'runs');

const parsed = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** A network's card, if it is here. */
function cardOf(network: string): NetworkCard | null {
  const card = join(PUBLIC, 'networks', network, 'card.json');
  return existsSync(card) ? parseCard(parsed(card)) : null;
}

/**
 * Runs of a folder with an index, or of any traces.
 * @param rule how confidences are held where neither the method nor a file says so.
 * @returns with the notes of an index that had to be made.
 */
export async function recordedIn(
  folder: string,
  rule?: Rule,
): Promise<Recorded & { readonly notes: readonly string[] }> {
  const indexed = (name: string): readonly RecordedRun[] =>
    existsSync(join(folder, name)) ? parseRunIndex(parsed(join(folder, name))).runs : [];
  /** An index says by which rule it was made: another one is for another index. */
  const isIndexed = existsSync(join(folder, 'index.json')) && !rule;
  const made = isIndexed ? null : await makeIndex(folder, { rule });
  const traced = made?.index.runs ?? indexed('index.json');
  const others = indexed('curves.json');
  const networks = new Set([...traced, ...others].map(({ network }) => network));
  return {
    ...{ traced, others, notes: made?.notes ?? [] },
    cards: [...networks].flatMap((id) => cardOf(id) ?? []),
  };
}
