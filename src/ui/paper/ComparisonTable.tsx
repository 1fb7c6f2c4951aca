import { missingWords } from '../../state/paper/measure.ts';
import type { Block, Cell, JoinedTable, Row } from '../../state/paper/join.ts';
import { PAPER_BUDGETS } from '../../state/paper/numbers.ts';
import { Commands, Conditions } from './Conditions.tsx';
import { points } from '../shared/format.ts';
import { measured } from './format.ts';
import { Scroller } from './Section.tsx';

interface ComparisonTableProps {
  readonly table: JoinedTable;
}

/** Table 1 or 2: at each cost the paper's number, ours and the difference; an empty cell is empty. */
export function ComparisonTable({ table }: ComparisonTableProps) {
  return (
    <Scroller label={`${table.title}, the paper’s numbers and ours`}>
      <table className="paper-table paper-comparison">
        <caption className="visually-hidden">
          {table.title}: accuracy in percent at four relative costs, {table.caption}. The paper’s
          number, ours and the difference in points.
        </caption>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              Method
            </th>
            {PAPER_BUDGETS.map((budget) => (
              <th key={budget} scope="colgroup" colSpan={3} className="paper-budget">
                at {budget.toFixed(2)} of the FLOPs
              </th>
            ))}
            <th scope="col" rowSpan={2} className="paper-text">
              Ours: what differs
            </th>
          </tr>
          <tr>
            {PAPER_BUDGETS.map((budget) => (
              <SubHeads key={budget} />
            ))}
          </tr>
        </thead>
        {table.blocks.map((block) => (
          <BlockRows key={block.id} block={block} />
        ))}
      </table>
    </Scroller>
  );
}

function SubHeads() {
  return (
    <>
      <th scope="col" className="paper-first">
        paper
      </th>
      <th scope="col">ours</th>
      <th scope="col">diff.</th>
    </>
  );
}

/** Columns of the table. */
const COLUMNS = 2 + 3 * PAPER_BUDGETS.length;

function BlockRows({ block }: { readonly block: Block }) {
  return (
    <tbody>
      <tr className="paper-block">
        <th scope="rowgroup" colSpan={COLUMNS}>
          <div className="paper-block-head">
            <span>
              <b>{block.title}</b> <span className="paper-theirs">{block.source}</span>
            </span>
            {block.erratum && (
              <p className="paper-erratum">
                <b>Erratum.</b> {block.erratum}
              </p>
            )}
            <Conditions conditions={block.conditions} />
          </div>
        </th>
      </tr>
      {block.rows.map((row, n) => (
        <MethodRow
          key={row.method}
          row={row}
          need={block.need && n === 0 ? block : null}
          lone={!block.need}
        />
      ))}
    </tbody>
  );
}

interface MethodRowProps {
  readonly row: Row;
  /** The block whose rows are all empty, for the one sentence that says why. */
  readonly need: Block | null;
  /** Whether the row speaks for itself. */
  readonly lone: boolean;
}

function MethodRow({ row, need, lone }: MethodRowProps) {
  return (
    <tr className={row.inPaper ? '' : 'paper-extra'}>
      <th scope="row">
        {row.title}
        {row.method === 'E2CM' && <small>no training; not in the paper’s table</small>}
      </th>
      {row.cells.map((cell) => (
        <Numbers key={cell.budget} cell={cell} />
      ))}
      {need?.need && (
        <td rowSpan={need.rows.length} className="paper-text">
          <p>
            {need.need.sentence} <a href="#networks">What it takes</a>
          </p>
        </td>
      )}
      {lone && (
        <td className="paper-text">
          {row.need && (
            <>
              <p>{row.need.sentence}</p>
              <Commands need={row.need} />
            </>
          )}
          <Conditions conditions={row.conditions} />
          {row.others > 0 && <p>{row.others} more recorded under other options</p>}
        </td>
      )}
    </tr>
  );
}

function Numbers({ cell }: { readonly cell: Cell }) {
  const { paper, ours, missing, difference } = cell;
  return (
    <>
      <td className="paper-first paper-theirs">{paper ?? <Empty words="not in the paper" />}</td>
      {ours ? (
        <>
          <td className="paper-ours">{measured(ours)}</td>
          <td>
            {difference === null ? <Empty words="nothing to compare with" /> : points(difference)}
          </td>
        </>
      ) : (
        <td colSpan={2} className="paper-empty">
          {missing?.why === 'unreachable' || missing?.why === 'not-found' ? (
            missingWords(missing)
          ) : (
            <Empty words={missingWords(missing ?? { why: 'not-recorded' })} />
          )}
        </td>
      )}
    </>
  );
}

/** A dash that says what it stands for. */
function Empty({ words }: { readonly words: string }) {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{words}</span>
    </>
  );
}
