/**
 * What the paper prints: "E2CM: Early Exit via Class Means for Efficient Supervised and Unsupervised Learning", ICLR
 * 2022 submission. Accuracies in percent. Nothing here is ours.
 */

import { frozen } from './frozen.ts';

export type PaperNetwork = 'resnet152' | 'wideresnet101' | 'resnet18';
export type PaperMethod = 'E2CM+SDN' | 'SDN' | 'BWDS' | 'BranchyNet';
export type TableId = 'table-1' | 'table-2';

/** Relative FLOPs of the columns of Tables 1 and 2. */
export const PAPER_BUDGETS = [0.15, 0.2, 0.25, 0.3] as const;

type Four = readonly [number, number, number, number];

export interface PaperRow {
  readonly method: PaperMethod;
  /** Percent, one for each of `PAPER_BUDGETS`. */
  readonly accuracy: Four;
}

export interface PaperBlock {
  readonly id: string;
  readonly network: PaperNetwork;
  readonly dataset: string;
  /** Where it is printed. */
  readonly source: string;
  /** Where the print is wrong, and why we say so. */
  readonly erratum: string | null;
  readonly rows: readonly PaperRow[];
}

export interface PaperTable {
  readonly id: TableId;
  readonly title: string;
  /** The training that the paper gave the methods. */
  readonly caption: string;
  readonly blocks: readonly PaperBlock[];
}

function block(
  source: string,
  network: PaperNetwork,
  dataset: string,
  accuracy: Readonly<Record<PaperMethod, Four>>,
  erratum: string | null = null,
): PaperBlock {
  const rows = (Object.keys(accuracy) as PaperMethod[]).map((method) => ({
    method,
    accuracy: accuracy[method],
  }));
  return { id: `${network}-${dataset}`, network, dataset, source, erratum, rows };
}

const TABLE_1_ERRATUM =
  'Printed as “ResNet-152 CIFAR-10”, a second time. It is KMNIST: 96 % is above the 88.8 % that this network reaches ' +
  'on CIFAR-10, and the block follows that of WideResNet-101 on KMNIST.';

export const TABLE_1: PaperTable = frozen({
  id: 'table-1',
  title: 'Table 1',
  caption: 'fixed training budget of six epochs',
  blocks: [
    block('Table 1, first block, p. 7', 'resnet152', 'cifar-10', {
      'E2CM+SDN': [77, 85, 87, 87],
      SDN: [66, 75, 85, 87],
      BWDS: [77, 82, 84, 86],
      BranchyNet: [57, 57, 57, 57],
    }),
    block(
      'Table 1, second block, p. 7',
      'resnet152',
      'kmnist',
      {
        'E2CM+SDN': [84, 93, 96, 96],
        SDN: [63, 75, 86, 94],
        BWDS: [84, 93, 95, 95],
        BranchyNet: [76, 77, 78, 78],
      },
      TABLE_1_ERRATUM,
    ),
    block('Table 1, third block, p. 7', 'resnet152', 'cifar-100', {
      'E2CM+SDN': [34, 46, 52, 54],
      SDN: [20, 24, 27, 30],
      BWDS: [33, 40, 42, 44],
      BranchyNet: [24, 25, 26, 26],
    }),
    block('Table 1, fourth block, p. 7', 'wideresnet101', 'cifar-10', {
      'E2CM+SDN': [81, 87, 88, 88],
      SDN: [70, 79, 86, 88],
      BWDS: [82, 85, 87, 88],
      BranchyNet: [56, 56, 57, 57],
    }),
    block('Table 1, fifth block, p. 7', 'wideresnet101', 'kmnist', {
      'E2CM+SDN': [85, 92, 96, 96],
      SDN: [63, 74, 96, 96],
      BWDS: [88, 90, 92, 94],
      BranchyNet: [80, 82, 83, 84],
    }),
  ],
});

export const TABLE_2: PaperTable = frozen({
  id: 'table-2',
  title: 'Table 2',
  caption: 'unlimited training',
  blocks: [
    block('Table 2, first block, p. 8', 'resnet152', 'cifar-10', {
      'E2CM+SDN': [82.4, 86.4, 88.5, 88.8],
      SDN: [80, 86, 88.4, 88.8],
      BWDS: [82, 84.1, 86, 87.7],
      BranchyNet: [80, 80, 80, 80],
    }),
    block('Table 2, second block, p. 8', 'resnet152', 'kmnist', {
      'E2CM+SDN': [94.1, 96.2, 96.8, 96.8],
      SDN: [83.9, 94, 96.4, 96.6],
      BWDS: [94.5, 96, 96.5, 96.6],
      BranchyNet: [86, 87.5, 88.2, 89.5],
    }),
    block('Table 2, third block, p. 8', 'wideresnet101', 'cifar-10', {
      'E2CM+SDN': [84, 88, 88.6, 88.8],
      SDN: [82, 88, 88.5, 88.8],
      BWDS: [85.8, 86.5, 87.8, 88.2],
      BranchyNet: [81.9, 82.5, 84.9, 85],
    }),
    block('Table 2, fourth block, p. 8', 'wideresnet101', 'kmnist', {
      'E2CM+SDN': [94.1, 96.5, 97.1, 97.2],
      SDN: [84.1, 94, 96, 97],
      BWDS: [93.8, 94.2, 95, 96],
      BranchyNet: [89, 90.1, 90.2, 90.2],
    }),
  ],
});
