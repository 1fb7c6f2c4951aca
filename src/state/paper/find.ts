/** Which recorded runs stand for a cell of the paper. */
import type { RecordedRun, RunIndex } from '../../core/run-index.ts';
import { hasDefaults } from '../defaults.ts';

/** Training that a method was given: none, so many epochs, or the most that anybody recorded above so many. */
export type WantedBudget =
  | { readonly kind: 'none' }
  | { readonly kind: 'epochs'; readonly epochs: number }
  | { readonly kind: 'largest'; readonly above: number };

/** Where the paper compares methods. */
export type Place = 'figure-2' | 'table-1' | 'table-2';

/** The training that it gives them there; `none` for a method that trains nothing. */
export const BUDGETS = {
  none: { kind: 'none' },
  'figure-2': { kind: 'epochs', epochs: 1 },
  'table-1': { kind: 'epochs', epochs: 6 },
  'table-2': { kind: 'largest', above: 6 },
} as const satisfies Readonly<Record<Place | 'none', WantedBudget>>;

export interface Wanted {
  readonly dataset: string;
  readonly network: string;
  readonly method: string;
  readonly budget: WantedBudget;
}

export interface Found {
  /** Runs that differ in nothing but their seed. */
  readonly runs: readonly RecordedRun[];
  /** Epochs behind them; null where the method trains nothing. */
  readonly epochs: number | null;
  /** Runs of the same method and budget under other options, which do not belong into the same mean. */
  readonly others: readonly RecordedRun[];
}

/** The runs of an index for one network, dataset, method and budget; those under E2CM's defaults, as in the paper. */
export function runsFor(index: RunIndex, wanted: Wanted): Found {
  const { dataset, network, method } = wanted;
  const named = index.runs.filter(
    (run) =>
      run.dataset === dataset &&
      run.network === network &&
      run.method === method &&
      asInThePaper(run),
  );
  // Where a method has been recorded in several ways, its own stands for it: of two rules of agreement the default.
  const usual = named.filter((run) => hasDefaults(run));
  const epochs = epochsOf(usual.length > 0 ? usual : named, wanted.budget);
  if (epochs === undefined) return { runs: [], epochs: null, others: [] };
  const fitting = named.filter((run) => (run.budget?.epochs ?? null) === epochs);
  const first = fitting.find((run) => hasDefaults(run)) ?? fitting[0];
  const variant = first ? variantOf(first) : '';
  return {
    runs: fitting.filter((run) => variantOf(run) === variant),
    epochs,
    others: fitting.filter((run) => variantOf(run) !== variant),
  };
}

/** The budget's epochs; null for a method that trains nothing, undefined where nobody recorded such a budget. */
function epochsOf(runs: readonly RecordedRun[], budget: WantedBudget): number | null | undefined {
  if (budget.kind === 'none') return null;
  if (budget.kind === 'epochs') return budget.epochs;
  const recorded = runs.flatMap((run) => (run.budget ? [run.budget.epochs] : []));
  const most = Math.max(...recorded);
  return most > budget.above ? most : undefined;
}

function asInThePaper(run: RecordedRun): boolean {
  return run.method !== 'e2cm' || hasDefaults(run);
}

/** What a run was made with, but for its seed. */
export function variantOf({ provenance, train, test }: RecordedRun): string {
  const options = Object.entries(provenance.options)
    .filter(([name]) => !/seed/i.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([options, provenance.trainImages, train.count, test.count]);
}
