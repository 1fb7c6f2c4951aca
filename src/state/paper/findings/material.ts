/** The recorded runs that a sentence of the paper can be held against. */
import type { RecordedRun, SearchName } from '../../../core/run-index.ts';
import { clusteringId } from '../../../methods/registry.ts';
import type { DrawnCurve } from '../advantage.ts';
import { FIGURE_2, type PaperPair } from '../claims.ts';
import type { Cards } from '../conditions.ts';
import { BUDGETS, runsFor, type Place } from '../find.ts';
import type { Recorded } from '../join.ts';
import { networkIdOf, pairTitle, recordedPairTitle } from '../names.ts';
import { TABLE_1, TABLE_2 } from '../numbers.ts';

export interface Pair {
  /** Our id of the network. */
  readonly network: string;
  readonly dataset: string;
  readonly title: string;
}

/** Which pairs the paper has there. */
const PAIRS: Readonly<Record<Place, readonly PaperPair[]>> = {
  'figure-2': FIGURE_2.panels,
  'table-1': TABLE_1.blocks,
  'table-2': TABLE_2.blocks,
};

export interface Material {
  readonly search: SearchName;
  readonly cards: Cards;
  readonly index: Recorded['index'];
  /** The six pairs of the paper, then those that are recorded beside them. */
  readonly pairs: readonly Pair[];
  /** Runs of a method that differ in their seed alone; of one that trains nothing the budget is `none`. */
  readonly runs: (
    pair: Pair,
    method: string,
    budget: keyof typeof BUDGETS,
  ) => readonly RecordedRun[];
}

export function materialOf({ index, cards, search }: Recorded): Material {
  const inPaper = FIGURE_2.panels.map((pair) => ({
    network: networkIdOf(pair.network, pair.dataset),
    dataset: pair.dataset,
    title: pairTitle(pair.network, pair.dataset),
  }));
  const known = new Set(inPaper.map(({ network }) => network));
  const beside = new Map<string, Pair>();
  for (const { network, dataset, method } of index?.runs ?? [])
    if (!known.has(network) && method !== clusteringId)
      beside.set(`${network} ${dataset}`, {
        network,
        dataset,
        title: recordedPairTitle(network, dataset),
      });
  return {
    search,
    cards,
    index,
    pairs: [...inPaper, ...beside.values()],
    runs: ({ network, dataset }, method, budget) =>
      index ? runsFor(index, { network, dataset, method, budget: BUDGETS[budget] }).runs : [],
  };
}

/** Whether the paper compares methods on a pair there. */
export const isAt = ({ network }: Pair, place: Place): boolean =>
  PAIRS[place].some((pair) => networkIdOf(pair.network, pair.dataset) === network);

export const curvesOf = (runs: readonly RecordedRun[], search: SearchName): readonly DrawnCurve[] =>
  runs.map(({ curves }) => curves[search]);

/** "6 epochs": those behind some runs, or else those that were looked for. */
export function epochsOf(runs: readonly RecordedRun[], place: Exclude<Place, 'figure-2'>): string {
  const recorded = runs[0]?.budget?.epochs;
  if (recorded !== undefined) return `${recorded} epochs`;
  return place === 'table-1' ? '6 epochs' : 'trained long';
}
