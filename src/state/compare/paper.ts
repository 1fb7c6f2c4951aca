/** The paper's printed accuracies beside a racer, where network, dataset and budget are the paper's. */
import type { MethodId } from '../../methods/registry.ts';
import { networkIdOf } from '../paper/names.ts';
import { PAPER_BUDGETS, TABLE_1, TABLE_2, type PaperMethod } from '../paper/numbers.ts';

/** Relative FLOPs of the paper's tables. */
export const PAPER_COSTS: readonly number[] = PAPER_BUDGETS;

const names: Readonly<Partial<Record<MethodId | 'e2cm-sdn' | 'bwds' | 'branchynet', PaperMethod>>> =
  { sdn: 'SDN', 'e2cm-sdn': 'E2CM+SDN', bwds: 'BWDS', branchynet: 'BranchyNet' };

/** Percent by relative FLOPs; null where the paper has no such row: Table 1 is six epochs, Table 2 as many as help. */
export function paperNumbers(
  method: MethodId,
  dataset: string,
  network: string,
  epochs: number,
): Readonly<Record<number, number>> | null {
  const table = epochs === 6 ? TABLE_1 : epochs >= 100 ? TABLE_2 : null;
  const block = table?.blocks.find(
    (candidate) =>
      candidate.dataset === dataset && networkIdOf(candidate.network, dataset) === network,
  );
  const row = block?.rows.find((candidate) => candidate.method === names[method]);
  return row ? Object.fromEntries(PAPER_BUDGETS.map((cost, n) => [cost, row.accuracy[n]!])) : null;
}
