/** Tables of methods side by side, seeds together: mean and range on test at each cost. */
import { idParts, within } from '../src/core/options/schema.ts';
import type { RecordedRun, SearchName } from '../src/core/run-index.ts';
import { isMethodId, METHODS } from '../src/methods/registry.ts';

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

const digits = (share: number): string => (100 * share).toFixed(1);

/** Of several seeds "75.3 (75.2–75.4)", of one "75.3"; where a seed has no policy so cheap, nothing is said. */
function spread(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) return '–';
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length === 1) return digits(mean);
  return `${digits(mean)} (${digits(Math.min(...known))}–${digits(Math.max(...known))})`;
}

/** What runs differ in besides their seed. */
function groupOf(run: RecordedRun): string {
  const { method, budget } = run;
  const variants = isMethodId(method) ? within(METHODS[method].options, 'variant') : {};
  return [method, ...idParts(variants, run), budget?.epochs ?? 0].join(' ');
}

/**
 * For every dataset and network with trained methods: a row for each method and budget.
 * @param search whose thresholds count.
 */
export function methodTables(
  runs: readonly RecordedRun[],
  search: SearchName,
  table: Table,
): string[] {
  const pairs = [...new Set(runs.map(({ dataset, network }) => `${dataset}, ${network}`))];
  return pairs.flatMap((pair) => {
    const of = runs.filter(({ dataset, network }) => `${dataset}, ${network}` === pair);
    if (!of.some(({ budget }) => budget !== null)) return [];
    const budgets = of[0]!.results[search].map(({ budget }) => budget);
    const groups = [...new Set(of.map(groupOf))].sort();
    const rows = groups.map((group) => {
      const members = of.filter((run) => groupOf(run) === group);
      const [first] = members;
      const epochs = first!.budget?.epochs;
      return [
        group.split(' ').slice(0, -1).join(', '),
        epochs === undefined ? 'none' : `${epochs}`,
        `${members.length}`,
        ...budgets.map((_, n) =>
          spread(members.map(({ results }) => results[search][n]!.accuracy)),
        ),
        spread(members.map(({ test }) => test.accuracy.at(-1)!)),
      ];
    });
    const head = ['method', 'epochs', 'seeds', ...budgets.map((b) => b.toFixed(2)), 'last exit'];
    return [`### ${pair}: methods side by side`, table(head, rows)];
  });
}
