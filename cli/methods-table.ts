/** Tables of methods side by side, seeds together: mean and range on test at each cost. */
import { within, idParts } from '../src/core/options/schema.ts';
import type { RecordedRun, SearchName } from '../src/core/run-index.ts';
import { classifierIds, isMethodId, METHODS } from '../src/methods/registry.ts';
import { isMeasured, measureAt, missingWords } from '../src/state/paper/measure.ts';
import { variantName } from '../src/ui/shared/methods.ts';
import { pairsOf, share, spread, table } from './tables.ts';

/** Of several seeds "75.3 (75.2–75.4)"; a dash where the cheapest exit costs more, and words where the search found none. */
function reached(members: readonly RecordedRun[], search: SearchName, budget: number): string {
  const measured = measureAt(members, search, budget);
  if (!isMeasured(measured)) return measured.why === 'unreachable' ? '–' : missingWords(measured);
  const at = ({ results }: RecordedRun) => results[search].find((point) => point.budget === budget);
  return spread(
    members.flatMap((run) => at(run)?.accuracy ?? []),
    share,
  );
}

/** What runs differ in besides their seed. */
function groupOf(run: RecordedRun): string {
  const { method, budget } = run;
  const variants = isMethodId(method) ? within(METHODS[method].options, 'variant') : {};
  return [method, ...idParts(variants, run), budget?.epochs ?? 0].join(' ');
}

/** "E2CM+SDN, both confident". */
function titleOf({ method, provenance }: RecordedRun): string {
  const name = isMethodId(method) ? METHODS[method].name : method;
  const variant = variantName(method, provenance.options);
  return variant ? `${name}, ${variant}` : name;
}

/** Methods in the order in which the page names them, others after them; then by variant and by budget. */
function inOrder(one: RecordedRun, other: RecordedRun): number {
  const rank = ({ method }: RecordedRun): number => {
    const at = classifierIds.findIndex((id) => id === method);
    return at < 0 ? classifierIds.length : at;
  };
  const [first, second] = [one, other].map(titleOf) as [string, string];
  return (
    rank(one) - rank(other) ||
    (first < second ? -1 : first > second ? 1 : 0) ||
    (one.budget?.epochs ?? 0) - (other.budget?.epochs ?? 0)
  );
}

/**
 * For every dataset and network with trained methods: a row for each method and budget.
 * @param search whose thresholds count.
 * @returns tables, by "DATASET NETWORK".
 */
export function methodTables(
  runs: readonly RecordedRun[],
  search: SearchName,
): Map<string, string> {
  const tables = [...pairsOf(runs)].flatMap(([pair, of]): [string, string][] => {
    if (!of.some(({ budget }) => budget !== null)) return [];
    const budgets = of[0]!.results[search].map(({ budget }) => budget);
    const groups = new Map<string, RecordedRun[]>();
    for (const run of [...of].sort(inOrder))
      groups.set(groupOf(run), [...(groups.get(groupOf(run)) ?? []), run]);
    const rows = [...groups.values()].map((members) => {
      const epochs = members[0]!.budget?.epochs;
      return [
        titleOf(members[0]!),
        epochs === undefined ? 'none' : `${epochs}`,
        epochs === undefined ? '–' : `${members.length}`,
        ...budgets.map((budget) => reached(members, search, budget)),
        spread(
          members.map(({ test }) => test.accuracy.at(-1)!),
          share,
        ),
      ];
    });
    const head = ['method', 'epochs', 'seeds', ...budgets.map((b) => b.toFixed(2)), 'last exit'];
    return [[pair, table(head, rows)]];
  });
  return new Map(tables);
}
