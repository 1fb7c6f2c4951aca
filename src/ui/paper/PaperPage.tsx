import { useEffect, useMemo } from 'react';
import { FIGURE_3, OVERHEAD_CLAIM } from '../../state/paper/claims.ts';
import { figure2Coverage, figure2Panels } from '../../state/paper/figure2.ts';
import { figure3Rows } from '../../state/paper/figure3.ts';
import { joinTable, type JoinedTable, type Recorded } from '../../state/paper/join.ts';
import { findings, type Finding } from '../../state/paper/findings/findings.ts';
import { networkRows, type NetworkRow } from '../../state/paper/networks.ts';
import { TABLE_1, TABLE_2 } from '../../state/paper/numbers.ts';
import { otherPairs } from '../../state/paper/pairs.ts';
import { storageRows } from '../../state/paper/sizes.ts';
import { usePaperChoices } from '../../state/paper/choices.ts';
import { loadPaper, usePaper } from '../../state/paper/store.ts';
import { useRuns } from '../../state/lease/runs.ts';
import './figures.css';
import './findings.css';
import './paper.css';
import './tables.css';
import { ComparisonTable } from './ComparisonTable.tsx';
import { Figure3Graph } from '../unsupervised/Figure3Graph.tsx';
import { Contents } from './Contents.tsx';
import { Figure1 } from './Figure1.tsx';
import { Figure2 } from './Figure2.tsx';
import { Figure3 } from './Figure3.tsx';
import { Findings } from './Findings.tsx';
import { NetworksTable } from './NetworksTable.tsx';
import { OtherPairs } from './OtherPairs.tsx';
import { SearchChoice } from './SearchChoice.tsx';
import { Section } from './Section.tsx';
import { OverheadTable, StorageTable } from './SizeTables.tsx';

/** The paper's figures and tables beside ours. */
export function PaperPage() {
  const index = useRuns((state) => state.index);
  const problem = useRuns((state) => state.problem);
  const cards = usePaper((state) => state.cards);
  const search = usePaperChoices((state) => state.search);
  useEffect(() => void loadPaper(), []);
  const all = useMemo(() => derive({ index, cards, search }), [index, cards, search]);
  const { first, second, panels, losses } = all;
  return (
    <div className="paper-page">
      <header className="paper-intro">
        <h1>The paper, beside ours</h1>
        <p>
          Every figure and table of{' '}
          <cite>
            E2CM: Early Exit via Class Means for Efficient Supervised and Unsupervised Learning
          </cite>{' '}
          (ICLR 2022 submission), and what our recorded runs give for the same network, dataset and
          training budget. Where we have no run, the cell is empty.
        </p>
        {problem && (
          <p role="alert">
            {problem} The paper’s numbers are here, and what follows from shapes alone; ours are
            not.
          </p>
        )}
        {!index && !problem && <p role="status">Loading the index of recorded runs …</p>}
        <Contents
          entries={[
            { id: 'findings', title: 'Findings', ...testedOf(all.findings) },
            { id: 'networks', title: 'Networks', ...trainedOf(all.networks) },
            { id: 'figure-1', title: 'Figure 1' },
            { id: 'figure-2', title: 'Figure 2', unit: 'curves', ...figure2Coverage(panels) },
            {
              id: 'table-1',
              title: 'Table 1',
              unit: 'cells',
              filled: first.filled,
              total: first.total,
            },
            {
              id: 'table-2',
              title: 'Table 2',
              unit: 'cells',
              filled: second.filled,
              total: second.total,
            },
            { id: 'storage', title: 'Storage' },
            { id: 'overhead', title: 'Overhead' },
            {
              id: 'figure-3',
              title: 'Figure 3',
              unit: 'claims',
              filled: losses.filter(({ ours }) => ours).length,
              total: losses.length,
            },
            { id: 'others', title: 'Not in the paper' },
          ]}
        />
      </header>
      <Section
        id="findings"
        why="findings"
        title="What the paper says, and what came"
        note="Its abstract, sentence by sentence, then what §1 and §4 say of results. The verdict is over the paper’s own comparisons, as far as they are recorded here; what is recorded beside them is counted apart."
        tools={<SearchChoice name="findings" />}
      >
        <Findings findings={all.findings} />
      </Section>
      <Section
        id="networks"
        why="networks"
        title="The networks"
        note="What everything else rests on. Accuracy on the test split, 10,000 images; the paper’s best is the highest that its tables print, near what its network reaches without exits. It prints neither its epochs nor its framework."
      >
        <NetworksTable rows={all.networks} />
      </Section>
      <Figure1 />
      <Figure2 panels={panels} />
      <TableSection table={first} />
      <TableSection table={second} />
      <Section
        id="storage"
        why="storage"
        title="Storage of the class means"
        note="From the shapes of the networks alone, trained or not: float32 weights; class means at every exit in float64, the classifier’s included, as the paper’s averages show. “Here” is what this program keeps: our weight files, and class means in float32."
      >
        <StorageTable rows={all.storage} />
        <p className="paper-prose">
          The model sizes and all four averages come out in MiB of 2<sup>20</sup> bytes, two of them
          cut off instead of rounded. The two totals do not: 52 exits of 0.4177 MiB make 21.72, not
          22.12, and 35 of 0.4331 MiB make 15.16, not 15.4. Nor do they fit the paper’s own
          averages: 22.12 / 0.417 are 53 exits and 15.4 / 0.43 are 36, one more each than the
          networks have. The conclusion stands: the means add 9.8 % to ResNet-152 and 3.2 % to
          WideResNet-101, in the paper 10 % and 3 %.
        </p>
      </Section>
      <Section
        id="overhead"
        why="overhead"
        title="Overhead of the distances"
        note="K(3D − 1) FLOPs for K classes and D numbers at an exit, beside the layers since the exit before; a multiply-accumulate is two FLOPs, and batch norm, ReLU and pooling count nothing."
      >
        <p className="paper-prose">The paper: {OVERHEAD_CLAIM.text}.</p>
        <OverheadTable />
        <p className="paper-prose">
          The first convolution decides: its distances are 10.2 % of its own FLOPs, and 9.3 % of
          both together, which is the paper’s 9 % if it counted so. From the first residual block on
          it is less than 6 %. With a hundred classes the distances cost ten times as much.
        </p>
      </Section>
      <Section
        id="figure-3"
        why="figure-3"
        title="Figure 3 · Early exits for deep embedded clustering"
        note="Clustering accuracy on the test split, thresholds found on train; points lost when 60 % of the computation is saved. Thin: a run with another seed each; thick: their mean."
        tools={<SearchChoice name="figure-3" />}
      >
        <div className="paper-panels">
          {FIGURE_3.map(({ dataset }) => (
            <div key={dataset} className="paper-panel">
              <Figure3Graph dataset={dataset} />
            </div>
          ))}
        </div>
        <Figure3 rows={losses} />
      </Section>
      <Section
        id="others"
        why="tables"
        title="Not in the paper’s tables"
        note={`Our other recorded runs under the same rules: accuracy on test in percent, thresholds found on train by ${search === 'paper' ? 'the paper’s search' : 'our frontier search'}.`}
      >
        <OtherPairs pairs={all.others} />
      </Section>
    </div>
  );
}

function derive(recorded: Recorded) {
  const weights = Object.values(recorded.cards).map(
    (card) => [card.id, card.weightsBytes] as const,
  );
  return {
    findings: findings(recorded),
    networks: networkRows(recorded),
    panels: figure2Panels(recorded),
    first: joinTable(TABLE_1, recorded),
    second: joinTable(TABLE_2, recorded),
    storage: storageRows(Object.fromEntries(weights)),
    losses: figure3Rows(recorded.index, recorded.search),
    others: otherPairs(recorded),
  };
}

function testedOf(all: readonly Finding[]): { unit: string; filled: number; total: number } {
  const tested = all.filter(({ verdict }) => verdict !== 'open');
  return { unit: 'tested', filled: tested.length, total: all.length };
}

function trainedOf(rows: readonly NetworkRow[]): { unit: string; filled: number; total: number } {
  return { unit: 'trained', filled: rows.filter(({ need }) => !need).length, total: rows.length };
}

function TableSection({ table }: { readonly table: JoinedTable }) {
  return (
    <Section
      id={table.id}
      why="tables"
      title={`${table.title} · ${table.caption}`}
      note="Accuracy in percent on the test split at exactly a cost; thresholds are found on train, and between two policies of its hull there is time sharing. Differences in points, ours minus the paper’s; the paper prints its numbers rounded."
      tools={<SearchChoice name={table.id} />}
    >
      <ComparisonTable table={table} />
    </Section>
  );
}
