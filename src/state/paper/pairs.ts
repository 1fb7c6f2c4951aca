/** Recorded runs that no table of the paper has a place for. */
import type { RecordedRun } from '../../core/run-index.ts';
import { networkConditions, runConditions, type Condition } from './conditions.ts';
import { budgetsOf, measureAt, type Measured, type Missing } from './measure.ts';
import { datasetFacts, methodTitle, networkIdOf, titleOfId } from './names.ts';
import { TABLE_1, TABLE_2 } from './numbers.ts';
import type { Recorded } from './join.ts';

export interface OtherRow {
  readonly id: string;
  readonly method: string;
  readonly epochs: number | null;
  readonly cells: readonly { readonly budget: number; readonly ours: Measured | Missing }[];
  readonly conditions: readonly Condition[];
}

export interface OtherPair {
  readonly id: string;
  readonly title: string;
  readonly dataset: string;
  readonly testImages: number;
  /** Training images on which thresholds were found. */
  readonly trainImages: number;
  readonly conditions: readonly Condition[];
  readonly rows: readonly OtherRow[];
}

/** Pairs of network and dataset that have runs and are in neither table, in the order of the index. */
export function otherPairs({ index, cards, search }: Recorded): OtherPair[] {
  const inTables = new Set(
    [...TABLE_1.blocks, ...TABLE_2.blocks].map(({ network, dataset }) =>
      networkIdOf(network, dataset),
    ),
  );
  const others = (index?.runs ?? []).filter(({ network }) => !inTables.has(network));
  const budgets = budgetsOf(others, search);
  const ids = new Set(others.map(pairId));
  return [...ids].map((id) => {
    const runs = others.filter((run) => pairId(run) === id);
    const { network, dataset, test, train } = runs[0]!;
    const card = cards[network];
    return {
      id,
      title: `${titleOfId(network)} · ${datasetFacts(dataset).title}`,
      dataset,
      testImages: test.count,
      trainImages: train.count,
      conditions: card ? networkConditions(card, dataset, null) : [],
      rows: runs.map((run) => ({
        id: run.id,
        method: methodTitle(run.method),
        epochs: run.budget?.epochs ?? null,
        cells: budgets.map((budget) => ({ budget, ours: measureAt([run], search, budget) })),
        conditions: runConditions([run], { ours: null, paper: null }),
      })),
    };
  });
}

function pairId({ network, dataset }: RecordedRun): string {
  return `${network} ${dataset}`;
}
