/** Panels of Try, of opened traces, of Compare and of Paper that are drawn from what they are given, as values. */
import { useRef, type ReactNode } from 'react';
import { upperHull } from '../src/core/search/frontier.ts';
import { generateStrokes } from '../src/data/strokes/index.ts';
import type { MethodId } from '../src/methods/registry.ts';
import { gridOf, type Racer } from '../src/state/compare/racers.ts';
import { figure2Panels } from '../src/state/paper/figure2.ts';
import { figure3Rows } from '../src/state/paper/figure3.ts';
import { joinTable, type Recorded } from '../src/state/paper/join.ts';
import { networkRows } from '../src/state/paper/networks.ts';
import { TABLE_1 } from '../src/state/paper/numbers.ts';
import { otherPairs } from '../src/state/paper/pairs.ts';
import { storageRows } from '../src/state/paper/sizes.ts';
import { cardOf, indexOf, runOf } from '../src/state/paper/testing.ts';
import { CompareChart } from '../src/ui/compare/CompareChart.tsx';
import { CompareTable } from '../src/ui/compare/CompareTable.tsx';
import { DisagreePanel } from '../src/ui/compare/DisagreePanel.tsx';
import { ClaimTable } from '../src/ui/paper/ClaimTable.tsx';
import { ComparisonTable } from '../src/ui/paper/ComparisonTable.tsx';
import { Figure2 } from '../src/ui/paper/Figure2.tsx';
import { Figure3 } from '../src/ui/paper/Figure3.tsx';
import { NetworksTable } from '../src/ui/paper/NetworksTable.tsx';
import { OtherPairs } from '../src/ui/paper/OtherPairs.tsx';
import { OverheadTable, StorageTable } from '../src/ui/paper/SizeTables.tsx';
import { openedSheets } from './opened.tsx';
import { finished, IMAGE } from './states.ts';
import { madeTrace } from './traces.ts';
import { triedSheets } from './tried.tsx';

export interface Sheet {
  readonly id: string;
  readonly title: string;
  readonly drawn: ReactNode;
}

const dataset = generateStrokes({ seed: 2, train: 200, test: 300 });

function racer(method: MethodId, epochs: number | null, seeds: readonly (number | null)[]): Racer {
  return {
    key: `${method} live`,
    ...{ method, epochs, variant: {}, kind: 'live', search: 'frontier' },
    members: seeds.map((seed, n) => {
      const wish = { exits: 6, method, seed: 3 + n + method.length };
      const test = madeTrace(dataset, wish);
      const points = Array.from({ length: 12 }, (_, i) => ({
        cost: 0.2 + (0.8 * i) / 11,
        accuracy: 0.5 + 0.4 * Math.sqrt(i / 11) - 0.02 * n,
      }));
      return {
        ...{ id: `${method}-${n}`, seed, curve: upperHull(points), plain: 0.9 },
        ...{ trainImages: 200, testImages: 300, seconds: 12, backend: 'none' },
        cost: { forward: 1e12, backward: epochs === null ? 0 : 2e12 },
        from: { kind: 'live', train: madeTrace(dataset, { ...wish, split: 'train' }), test },
      };
    }),
  };
}

const racers = [racer('e2cm', null, [null]), racer('sdn', 6, [1, 2, 3]), racer('bwds', 6, [1])];

function Curves() {
  const figure = useRef<HTMLDivElement>(null);
  return <CompareChart ref={figure} racers={racers} grid={gridOf(racers)} pinned={0.4} />;
}

const nothing: Recorded = { index: null, cards: {}, search: 'frontier' };
const some: Recorded = {
  index: indexOf(
    runOf(),
    runOf({ method: 'sdn', epochs: 6, seed: 1 }),
    runOf({ network: 'resnet152-cifar10', accuracy: [null, 0.7, 0.76, 0.79] }),
    runOf({ network: 'resnet152-cifar10', method: 'sdn', epochs: 6, seed: 1, exits: 7 }),
  ),
  cards: { 'resnet152-cifar10': cardOf({}) },
  search: 'frontier',
};

const paper = (recorded: Recorded, id: string, words: string): Sheet[] => [
  {
    ...{ id: `networks-${id}`, title: `Networks, ${words}` },
    drawn: <NetworksTable rows={networkRows(recorded)} />,
  },
  {
    ...{ id: `figure-2-${id}`, title: `Figure 2, ${words}` },
    drawn: <Figure2 panels={figure2Panels(recorded)} />,
  },
  {
    ...{ id: `claims-${id}`, title: `Claims, ${words}` },
    drawn: <ClaimTable panels={figure2Panels(recorded)} />,
  },
  {
    ...{ id: `table-1-${id}`, title: `Table 1, ${words}` },
    drawn: <ComparisonTable table={joinTable(TABLE_1, recorded)} />,
  },
  {
    ...{ id: `figure-3-${id}`, title: `Figure 3, ${words}` },
    drawn: <Figure3 rows={figure3Rows(recorded.index, recorded.search)} />,
  },
];

/** Made when they are asked for: a search takes a second. */
export const sheets = (): readonly Sheet[] => [
  ...triedSheets(finished({ exits: 10 }), IMAGE),
  ...openedSheets,
  {
    ...{ id: 'compare-chart', title: 'Compare: curves' },
    drawn: <Curves />,
  },
  {
    ...{ id: 'compare-table', title: 'Compare: at a budget' },
    drawn: (
      <CompareTable
        {...{ racers, dataset: 'strokes', network: 'resnet18-w16-strokes', epochs: 6 }}
        pinned={0.4}
      />
    ),
  },
  {
    ...{ id: 'disagree', title: 'Compare: where methods disagree' },
    drawn: <DisagreePanel racers={racers} />,
  },
  ...paper(some, 'some', 'some runs'),
  ...paper(nothing, 'none', 'no run'),
  {
    ...{ id: 'storage', title: 'Storage' },
    drawn: <StorageTable rows={storageRows({ 'resnet152-cifar10': 117_237_160 })} />,
  },
  { id: 'overhead', title: 'Overhead', drawn: <OverheadTable /> },
  {
    ...{ id: 'others', title: 'Not in the paper' },
    drawn: <OtherPairs pairs={otherPairs(some)} />,
  },
];
