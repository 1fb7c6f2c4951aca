/** One number from several runs: mean and spread of their accuracies at a cost. */
import type { RecordedRun, SearchName } from '../../core/run-index.ts';

export interface Measured {
  /** Percent; the mean over the runs. */
  readonly accuracy: number;
  /** Sample standard deviation over the runs, in points; null for a single run. */
  readonly spread: number | null;
  readonly runs: number;
}

/** Why there is no number of ours. */
export type Missing =
  | { readonly why: 'not-recorded' }
  /** The index does not say what the run gives at this cost. */
  | { readonly why: 'not-measured' }
  /** Every policy costs more: already leaving at the first exit does. */
  | { readonly why: 'unreachable'; readonly cheapest: number }
  /** There are policies so cheap, but for some of the seeds the search found none. */
  | { readonly why: 'not-found'; readonly found: number; readonly runs: number };

/** Costs are written with few digits: nearer than this they are the same. */
const SAME_COST = 1e-9;

/** Accuracy on test of runs that differ in their seed, at exactly a cost, thresholds found on train. */
export function measureAt(
  runs: readonly RecordedRun[],
  search: SearchName,
  budget: number,
): Measured | Missing {
  if (runs.length === 0) return { why: 'not-recorded' };
  const points = runs.flatMap(({ results }) =>
    results[search].filter((point) => Math.abs(point.budget - budget) < SAME_COST),
  );
  if (points.length === 0) return { why: 'not-measured' };
  const values = points.flatMap(({ accuracy }) => (accuracy === null ? [] : [100 * accuracy]));
  if (values.length === points.length) return summary(values);
  const cheapest = Math.min(
    ...runs.flatMap(({ exits, networkFlops }) => exits.map(({ flops }) => flops / networkFlops)),
  );
  if (cheapest > budget) return { why: 'unreachable', cheapest };
  return { why: 'not-found', found: values.length, runs: points.length };
}

/** Costs at which any of some runs was measured. */
export function budgetsOf(runs: readonly RecordedRun[], search: SearchName): number[] {
  const all = new Set(runs.flatMap(({ results }) => results[search].map(({ budget }) => budget)));
  return [...all].sort((a, b) => a - b);
}

/** Mean and sample standard deviation. */
export function summary(values: readonly number[]): Measured {
  const runs = values.length;
  const accuracy = values.reduce((sum, value) => sum + value, 0) / runs;
  const squares = values.reduce((sum, value) => sum + (value - accuracy) ** 2, 0);
  return { accuracy, spread: runs > 1 ? Math.sqrt(squares / (runs - 1)) : null, runs };
}

/** Why there is no number, in few words. */
export function missingWords(missing: Missing): string {
  if (missing.why === 'unreachable') return `out of reach: ≥ ${missing.cheapest.toFixed(2)}`;
  if (missing.why === 'not-found')
    return missing.found === 0
      ? 'none found'
      : `found for ${missing.found} of ${missing.runs} seeds`;
  return missing.why === 'not-measured' ? 'not measured' : 'not recorded';
}

export function isMeasured(cell: Measured | Missing): cell is Measured {
  return 'accuracy' in cell;
}
