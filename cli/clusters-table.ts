/** Tables of recorded clusterings: a row a run, and what leaving early costs at the paper's budget. */
import { clusteringId } from '../src/methods/registry.ts';
import type { RecordedRun, SearchName } from '../src/core/run-index.ts';

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

/** Relative FLOPs at which the paper states its losses: 60 % of the computation saved (§4.3). */
const BUDGET = 0.4;

const percent = (share: number): string => (100 * share).toFixed(1);

/** Mean and range of some shares or points. */
function spread(values: readonly number[], print: (value: number) => string): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `${print(mean)} (${print(Math.min(...values))} to ${print(Math.max(...values))})`;
}

export function clusterTables(
  runs: readonly RecordedRun[],
  search: SearchName,
  table: Table,
): string[] {
  const all = runs.filter(({ method }) => method === clusteringId);
  return [...new Set(all.map(({ dataset }) => dataset))].sort().map((dataset) => {
    const of = all.filter((run) => run.dataset === dataset).sort((a, b) => seedOf(a) - seedOf(b));
    const rows = of.map((run) => {
      const { accuracyOfAll, nmiOfAll, ariOfAll } = run.provenance.options;
      const early = earlyOf(run, search);
      return [
        `${seedOf(run)}`,
        percent(Number(accuracyOfAll)),
        Number(nmiOfAll).toFixed(3),
        Number(ariOfAll).toFixed(3),
        ...run.test.accuracy.map(percent),
        percent(early),
        points(100 * (largeOf(run) - early)),
      ];
    });
    const mean = [
      'mean (range)',
      spread(
        of.map((run) => Number(run.provenance.options.accuracyOfAll)),
        percent,
      ),
      ...['nmiOfAll', 'ariOfAll'].map((name) =>
        spread(
          of.map((run) => Number(run.provenance.options[name])),
          (value) => value.toFixed(3),
        ),
      ),
      ...of[0]!.exits.map((_, j) =>
        spread(
          of.map((run) => run.test.accuracy[j]!),
          percent,
        ),
      ),
      spread(
        of.map((run) => earlyOf(run, search)),
        percent,
      ),
      spread(
        of.map((run) => 100 * (largeOf(run) - earlyOf(run, search))),
        points,
      ),
    ];
    const head = ['seed', 'ACC, all images', 'NMI', 'ARI'];
    const exits = of[0]!.exits.map(({ name }) => `${name}, test`);
    return `### ${dataset}\n\n${table([...head, ...exits, `at ${BUDGET} of the FLOPs, test`, 'points lost'], [...rows, mean])}`;
  });
}

const seedOf = (run: RecordedRun): number => Number(run.provenance.options.seed);
const largeOf = (run: RecordedRun): number => run.test.accuracy.at(-1)!;
const earlyOf = (run: RecordedRun, search: SearchName): number =>
  run.results[search].find(({ budget }) => budget === BUDGET)!.accuracy!;
const points = (value: number): string => value.toFixed(1);
