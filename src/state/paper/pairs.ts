/** Recorded runs that no table of the paper has a place for. */
import type { RecordedRun } from '../../core/run-index.ts';
import { networkConditions, runConditions, type Condition } from './conditions.ts';
import { variantOf } from './find.ts';
import { METHODS } from '../../methods/registry.ts';
import { budgetsOf, measureAt, type Measured, type Missing } from './measure.ts';
import { methodTitle, networkIdOf, recordedPairTitle } from './names.ts';
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
      title: recordedPairTitle(network, dataset),
      dataset,
      testImages: test.count,
      trainImages: train.count,
      conditions: card ? networkConditions(card, dataset, null) : [],
      rows: alike(runs).map((seeds) => ({
        id: seeds[0]!.id,
        method: methodTitle(seeds[0]!.method),
        epochs: seeds[0]!.budget?.epochs ?? null,
        cells: budgets.map((budget) => ({ budget, ours: measureAt(seeds, search, budget) })),
        conditions: runConditions(seeds, { ours: null, paper: null }),
      })),
    };
  });
}

/** Runs that differ in nothing but their seed, together; by method, then by budget, then by options. */
function alike(runs: readonly RecordedRun[]): RecordedRun[][] {
  const groups = new Map<string, RecordedRun[]>();
  for (const run of runs) {
    const key = `${run.method} ${run.budget?.epochs} ${variantOf(run)}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const place = ({ method }: RecordedRun): number => {
    const at = methodIds.indexOf(method);
    return at < 0 ? methodIds.length : at;
  };
  return [...groups.values()].sort(
    ([a], [b]) => place(a!) - place(b!) || (a!.budget?.epochs ?? 0) - (b!.budget?.epochs ?? 0),
  );
}

const methodIds: readonly string[] = Object.keys(METHODS);

function pairId({ network, dataset }: RecordedRun): string {
  return `${network} ${dataset}`;
}
