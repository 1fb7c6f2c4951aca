/** Tables 1 and 2 cell by cell: the paper's number, ours, the difference, and what differs. */
import type { RecordedRun, RunIndex, SearchName } from '../../core/run-index.ts';
import {
  NOT_PRINTED,
  networkConditions,
  runConditions,
  shared,
  type Cards,
  type Condition,
} from './conditions.ts';
import { BUDGETS, runsFor } from './find.ts';
import { isMeasured, measureAt, type Measured, type Missing } from './measure.ts';
import { methodFacts, networkIdOf, pairTitle } from './names.ts';
import type { ComparedMethod } from './names.ts';
import { networkNeed, runNeed, type Need } from './needs.ts';
import { PAPER_BUDGETS, TABLE_1, TABLE_2 } from './numbers.ts';
import type { PaperMethod, PaperNetwork, PaperTable, TableId } from './numbers.ts';

export interface Cell {
  /** Relative FLOPs. */
  readonly budget: number;
  /** Percent; null in a row that the paper does not have. */
  readonly paper: number | null;
  readonly ours: Measured | null;
  readonly missing: Missing | null;
  /** Ours minus the paper's, in points. */
  readonly difference: number | null;
}

export interface Row {
  readonly method: ComparedMethod;
  readonly title: string;
  readonly inPaper: boolean;
  readonly cells: readonly Cell[];
  readonly runs: readonly RecordedRun[];
  readonly conditions: readonly Condition[];
  /** Recorded too, under other options: not in the mean. */
  readonly others: number;
  /** What is missing when there are no runs. */
  readonly need: Need | null;
}

export interface Block {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly erratum: string | null;
  readonly network: string;
  readonly dataset: string;
  /** Of the network, once its card is loaded, and of all runs in this block alike. */
  readonly conditions: readonly Condition[];
  /** What keeps our network from having runs. */
  readonly need: Need | null;
  readonly rows: readonly Row[];
}

export interface JoinedTable {
  readonly id: TableId;
  readonly title: string;
  readonly caption: string;
  readonly blocks: readonly Block[];
  /** Cells of the paper, and how many of them have a number of ours beside them. */
  readonly total: number;
  readonly filled: number;
}

/** What is recorded, as far as it is known. */
export interface Recorded {
  readonly index: RunIndex | null;
  readonly cards: Cards;
  /** Whose thresholds count. */
  readonly search: SearchName;
}

/** Epochs that Table 1 gives every method. */
const SIX = 6;
/** Epochs of our runs for Table 2. */
const MANY = 100;

/** What a block is joined from: one of the paper's, or one of ours, in whose rows nothing is printed. */
interface AnyBlock {
  readonly id: string;
  readonly network: PaperNetwork;
  readonly dataset: string;
  readonly source: string;
  readonly erratum: string | null;
  readonly rows: readonly AnyRow[];
}

interface AnyRow {
  readonly method: ComparedMethod;
  readonly accuracy: readonly number[] | null;
}

const METHODS: readonly PaperMethod[] = ['E2CM+SDN', 'SDN', 'BWDS', 'BranchyNet'];

/** The network of Figure 2 that has all methods here, under the budgets of the tables; the tables do not have it. */
const OURS: AnyBlock = {
  id: 'resnet18-cifar-10',
  network: 'resnet18',
  dataset: 'cifar-10',
  source: 'not in the paper’s table; its network is that of Figure 2',
  erratum: null,
  rows: METHODS.map((method) => ({ method, accuracy: null })),
};

export function joinTable(table: PaperTable, recorded: Recorded): JoinedTable {
  const blocks = [...table.blocks, OURS].map((block) => joinBlock(table.id, block, recorded));
  const cells = blocks.flatMap(({ rows }) =>
    rows.filter(({ inPaper }) => inPaper).flatMap((row) => row.cells),
  );
  return {
    id: table.id,
    title: table.title,
    caption: table.caption,
    blocks,
    total: cells.length,
    filled: cells.filter(({ ours }) => ours !== null).length,
  };
}

function joinBlock(table: TableId, block: AnyBlock, recorded: Recorded): Block {
  const { network, dataset, source, erratum } = block;
  const id = networkIdOf(network, dataset);
  const card = recorded.cards[id];
  const rows = block.rows.map((row) => joinRow(table, block, row, recorded));
  const alone = joinRow(table, block, { method: 'E2CM', accuracy: null }, recorded);
  const all = alone.runs.length > 0 ? [...rows, alone] : rows;
  const filled = all.filter(({ runs }) => runs.length > 0);
  const { common, rest } = shared(filled.map(({ conditions }) => conditions));
  return {
    id: `${table}-${block.id}`,
    title: pairTitle(network, dataset),
    source,
    erratum,
    network: id,
    dataset,
    conditions: [
      ...(card ? networkConditions(card, dataset, bestPrinted(network, dataset)) : []),
      ...common,
    ],
    need: networkNeed(recorded.index, id),
    rows: all.map((row) => ({ ...row, conditions: rest[filled.indexOf(row)] ?? [] })),
  };
}

function joinRow(table: TableId, block: AnyBlock, row: AnyRow, recorded: Recorded): Row {
  const { index, search } = recorded;
  const { dataset } = block;
  const network = networkIdOf(block.network, dataset);
  const { id, title } = methodFacts(row.method);
  const budget = row.method === 'E2CM' ? BUDGETS.none : BUDGETS[table];
  const found = index && runsFor(index, { dataset, network, method: id, budget });
  const runs = found?.runs ?? [];
  const epochs = row.method === 'E2CM' ? null : table === 'table-1' ? SIX : MANY;
  return {
    method: row.method,
    title,
    inPaper: row.accuracy !== null,
    cells: PAPER_BUDGETS.map((cost, n) =>
      cellOf(cost, row.accuracy?.[n] ?? null, measureAt(runs, search, cost)),
    ),
    runs,
    conditions: runConditions(runs, {
      ours: found?.epochs ?? null,
      paper: trainingInPaper(table, row, block.network),
    }),
    others: found?.others.length ?? 0,
    need: runs.length > 0 ? null : runNeed(index, { dataset, network, method: id, title, epochs }),
  };
}

function cellOf(budget: number, paper: number | null, got: Measured | Missing): Cell {
  const ours = isMeasured(got) ? got : null;
  return {
    budget,
    paper,
    ours,
    missing: isMeasured(got) ? null : got,
    difference: ours && paper !== null ? ours.accuracy - paper : null,
  };
}

/** How long the paper trained a method (§4.1, §4.2); null where it trains nothing. */
function trainingInPaper(
  table: TableId,
  { method, accuracy }: AnyRow,
  network: PaperNetwork,
): string | null {
  if (method === 'E2CM') return null;
  if (accuracy === null) return NOT_PRINTED;
  if (table === 'table-1') return `${SIX} epochs`;
  if (method === 'BWDS') return 'until it converged';
  if (method === 'BranchyNet') return network === 'resnet152' ? '300 epochs' : '250 epochs';
  return '100 epochs';
}

/** The highest accuracy that the tables print for a network: near what it reaches without early exits. */
export function bestPrinted(network: PaperNetwork, dataset: string): number | null {
  const all = [...TABLE_1.blocks, ...TABLE_2.blocks]
    .filter((block) => block.network === network && block.dataset === dataset)
    .flatMap(({ rows }) => rows.flatMap(({ accuracy }) => accuracy));
  return all.length > 0 ? Math.max(...all) : null;
}
