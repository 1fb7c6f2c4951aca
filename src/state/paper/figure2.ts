/** Figure 2: E2CM beside SDN and BranchyNet after one epoch, a panel for each network and dataset. */
import { csv, type Cell } from '../../core/csv.ts';
import type { CurvePoint, RecordedRun } from '../../core/run-index.ts';
import { advantageOf, type Advantage } from './advantage.ts';
import { FIGURE_2 } from './claims.ts';
import { networkConditions, runConditions, type Condition } from './conditions.ts';
import { BUDGETS, runsFor } from './find.ts';
import type { Recorded } from './join.ts';
import { budgetsOf, measureAt, type Measured, type Missing } from './measure.ts';
import { methodFacts, networkIdOf, pairTitle } from './names.ts';
import { networkNeed, runNeed, type Need } from './needs.ts';

export type CurveMethod = 'E2CM' | 'SDN' | 'BranchyNet';

export interface Series {
  readonly method: CurveMethod;
  readonly title: string;
  readonly runs: readonly RecordedRun[];
  /** Every image leaves at one exit: as many single policies as the first run has exits. */
  readonly exits: readonly CurvePoint[];
  /** The policies of each run's hull on train, where they fall on test; between two of them is time sharing. */
  readonly curves: readonly (readonly CurvePoint[])[];
  /** Accuracy at exactly some costs, the mean of the runs. */
  readonly numbers: readonly { readonly budget: number; readonly ours: Measured | Missing }[];
  readonly need: Need | null;
}

export interface CurvePanel {
  readonly id: string;
  readonly title: string;
  readonly network: string;
  readonly dataset: string;
  /** Test images behind every point; null without runs. */
  readonly testImages: number | null;
  /** Accuracy of the network without exits, on test. */
  readonly plain: number | null;
  readonly conditions: readonly Condition[];
  readonly series: readonly Series[];
  /** What it says of the figure's claim; null while there is nothing to hold E2CM against. */
  readonly advantage: Advantage | null;
  /** What keeps our network from having runs. */
  readonly need: Need | null;
}

const METHODS: readonly CurveMethod[] = ['E2CM', 'SDN', 'BranchyNet'];

/** The six panels, with what the index holds for each. */
export function figure2Panels(recorded: Recorded): CurvePanel[] {
  return FIGURE_2.panels.map(({ network, dataset }) => {
    const id = networkIdOf(network, dataset);
    const series = METHODS.map((method) => seriesOf(method, id, dataset, recorded));
    const e2cm = series[0]!.runs[0];
    const any = series.flatMap(({ runs }) => runs)[0];
    const card = recorded.cards[id];
    return {
      id,
      title: pairTitle(network, dataset),
      network: id,
      dataset,
      testImages: any?.test.count ?? null,
      plain: e2cm?.test.accuracy.at(-1) ?? null,
      conditions: [
        ...(card ? networkConditions(card, dataset, null) : []),
        ...conditionsOf(series),
      ],
      series,
      advantage: advantageOf(
        series[0]!.curves,
        series.slice(1).map((other) => other.curves),
      ),
      need: networkNeed(recorded.index, id),
    };
  });
}

function seriesOf(
  method: CurveMethod,
  network: string,
  dataset: string,
  { index, search }: Recorded,
): Series {
  const { id, title } = methodFacts(method);
  const budget = method === 'E2CM' ? BUDGETS.none : BUDGETS['figure-2'];
  const runs = index ? runsFor(index, { dataset, network, method: id, budget }).runs : [];
  const epochs = method === 'E2CM' ? null : 1;
  return {
    method,
    title,
    runs,
    exits: runs.length > 0 ? exitPoints(runs[0]!) : [],
    curves: runs.map((run) => run.curves[search]),
    numbers: budgetsOf(runs, search).map((budget) => ({
      budget,
      ours: measureAt(runs, search, budget),
    })),
    need: runs.length > 0 ? null : runNeed(index, { dataset, network, method: id, title, epochs }),
  };
}

/** What differs in any of the runs, each said once. */
function conditionsOf(series: readonly Series[]): Condition[] {
  const all = series.flatMap(({ runs }) => runConditions(runs, { ours: null, paper: null }));
  const said = all.map(({ what, ours }) => `${what} ${ours}`);
  return all.filter((_, n) => said.indexOf(said[n]!) === n);
}

/** Everybody leaves at exit j: as many single policies as there are exits. */
function exitPoints({ exits, networkFlops, test }: RecordedRun): CurvePoint[] {
  return exits.map(({ flops }, j) => ({
    cost: flops / networkFlops,
    accuracy: test.accuracy[j]!,
  }));
}

/** A panel in numbers: a line a policy of each run's curve, then each method's exits alone, then the plain network. */
export function panelCsv({ series, plain }: Pick<CurvePanel, 'series' | 'plain'>): string {
  const rows: Cell[][] = [];
  for (const { title, runs, curves, exits } of series) {
    curves.forEach((curve, n) => {
      const seed = runs[n]!.provenance.options.seed ?? '';
      for (const { cost, accuracy } of curve)
        rows.push([title, 'policy', `${seed}`, cost, accuracy]);
    });
    exits.forEach(({ cost, accuracy }, j) =>
      rows.push([title, `all leave at ${runs[0]!.exits[j]!.name}`, null, cost, accuracy]),
    );
  }
  if (plain !== null) rows.push([null, 'plain network', null, 1, plain]);
  return csv(['method', 'what', 'seed', 'relative FLOPs', 'accuracy on test'], rows);
}

/** Curves of the figure that can be drawn, and how many there are in the paper. */
export function figure2Coverage(panels: readonly CurvePanel[]): { filled: number; total: number } {
  const series = panels.flatMap((panel) => panel.series);
  return { filled: series.filter(({ runs }) => runs.length > 0).length, total: series.length };
}
