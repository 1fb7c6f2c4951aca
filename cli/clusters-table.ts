/** Tables of recorded clusterings: a row a run, and what leaving early costs at the paper's budget. */
import { clusteringId } from '../src/methods/registry.ts';
import type { RecordedRun, SearchName } from '../src/core/run-index.ts';
import { share, spread, table } from './tables.ts';

/** Relative FLOPs at which the paper states its losses: 60 % of the computation saved (§4.3). */
const BUDGET = 0.4;

/** A column: its title, its value of a run, and how that is printed. */
type Column = readonly [
  title: string,
  value: (run: RecordedRun) => number,
  print: (value: number) => string,
];

const index = (value: number): string => value.toFixed(3);
const points = (value: number): string => (100 * value).toFixed(1).replace('-', '−');
const option =
  (name: string) =>
  ({ provenance }: RecordedRun): number =>
    Number(provenance.options[name]);

const columnsOf = ({ exits }: RecordedRun): readonly Column[] => [
  ['ACC, all images', option('accuracyOfAll'), share],
  ['NMI', option('nmiOfAll'), index],
  ['ARI', option('ariOfAll'), index],
  ...exits.map(({ name }, j): Column => [`${name}, test`, ({ test }) => test.accuracy[j]!, share]),
  [`at ${BUDGET.toFixed(2)} of the FLOPs, test`, (run) => earlyOf(run, 'paper'), share],
  ['points lost', (run) => run.test.accuracy.at(-1)! - earlyOf(run, 'paper'), points],
  ['frontier search', (run) => earlyOf(run, 'frontier'), share],
];

/** @returns tables by dataset: a row a seed, then mean and range. */
export function clusterTables(runs: readonly RecordedRun[]): Map<string, string> {
  const all = runs.filter(({ method }) => method === clusteringId);
  const datasets = [...new Set(all.map(({ dataset }) => dataset))].sort();
  return new Map(
    datasets.map((dataset) => {
      const seed = option('seed');
      const of = all.filter((run) => run.dataset === dataset).sort((a, b) => seed(a) - seed(b));
      const columns = columnsOf(of[0]!);
      const rows = of.map((run) => [
        `${seed(run)}`,
        ...columns.map(([, value, print]) => print(value(run))),
      ]);
      const mean = columns.map(([, value, print]) => spread(of.map(value), print));
      return [
        dataset,
        table(['seed', ...columns.map(([title]) => title)], [...rows, ['mean (range)', ...mean]]),
      ];
    }),
  );
}

const earlyOf = (run: RecordedRun, search: SearchName): number =>
  run.results[search].find(({ budget }) => budget === BUDGET)!.accuracy!;
