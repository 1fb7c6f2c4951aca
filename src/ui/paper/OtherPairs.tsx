import type { OtherPair } from '../../state/paper/pairs.ts';
import { isMeasured, missingWords } from '../../state/paper/measure.ts';
import { plural } from '../shared/format.ts';
import { Conditions } from './Conditions.tsx';
import { measured } from './format.ts';
import { Scroller } from './Section.tsx';

interface OtherPairsProps {
  readonly pairs: readonly OtherPair[];
}

/** Recorded runs without a place in the paper's tables, under the same rules. */
export function OtherPairs({ pairs }: OtherPairsProps) {
  const budgets = pairs[0]?.rows[0]?.cells.map(({ budget }) => budget) ?? [];
  return (
    <details className="paper-others">
      <summary>{plural(pairs.length, 'pair')} of network and dataset</summary>
      <Scroller label="Our other pairs">
        <table className="paper-table">
          <caption className="visually-hidden">
            Accuracy on test in percent at several costs, for recorded runs that are not in the
            paper.
          </caption>
          <thead>
            <tr>
              <th scope="col">Method</th>
              {budgets.map((budget) => (
                <th key={budget} scope="col">
                  at {budget.toFixed(2)}
                </th>
              ))}
              <th scope="col" className="paper-text">
                Conditions that differ
              </th>
            </tr>
          </thead>
          {pairs.map((pair) => (
            <PairRows key={pair.id} pair={pair} columns={budgets.length + 2} />
          ))}
        </table>
      </Scroller>
    </details>
  );
}

function PairRows({ pair, columns }: { readonly pair: OtherPair; readonly columns: number }) {
  return (
    <tbody>
      <tr className="paper-block">
        <th scope="rowgroup" colSpan={columns}>
          <div className="paper-block-head">
            <span>
              <b>{pair.title}</b>{' '}
              <span className="paper-theirs">
                not in the paper’s tables · test, {plural(pair.testImages, 'image')} · train,{' '}
                {plural(pair.trainImages, 'image')}
              </span>
            </span>
            <Conditions conditions={pair.conditions} />
          </div>
        </th>
      </tr>
      {pair.rows.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            {row.method}
            {row.epochs !== null && <small>{plural(row.epochs, 'epoch')}</small>}
          </th>
          {row.cells.map(({ budget, ours }) => (
            <td key={budget} className={isMeasured(ours) ? 'paper-ours' : 'paper-empty'}>
              {isMeasured(ours)
                ? measured(ours)
                : ours.why === 'unreachable'
                  ? `≥ ${ours.cheapest.toFixed(2)}`
                  : ours.why === 'not-found'
                    ? missingWords(ours)
                    : '–'}
            </td>
          ))}
          <td className="paper-text">
            <Conditions conditions={row.conditions} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}
