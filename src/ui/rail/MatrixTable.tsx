import type { CSSProperties } from 'react';
import { rowShares } from '../../core/confusion.ts';
import type { Trace } from '../../core/trace.ts';
import { count } from '../shared/format.ts';
import { isPlain, isUnlabelled, rightWords } from '../shared/rightWords.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';

interface MatrixTableProps {
  readonly trace: Trace;
  /** Row-major counts, rows true classes. */
  readonly counts: Uint32Array;
  /** Classes that have a row and a column, in their order; all of them if nothing is said. */
  readonly shown?: readonly number[];
  readonly onChoose: (truth: number, predicted: number) => void;
}

/** A confusion matrix as a table of buttons: rows are true classes, columns predicted ones. */
export function MatrixTable({ trace, counts, shown, onChoose }: MatrixTableProps) {
  const { classes } = trace;
  const names = useClusterNames(trace);
  return (
    <CountTable
      trace={trace}
      counts={counts}
      rows={isUnlabelled(trace) ? names : classes}
      columns={names}
      {...(shown && { shown })}
      onChoose={onChoose}
    />
  );
}

interface CountTableProps extends MatrixTableProps {
  /** What stands at the head of a row and of a column, by index: classes, or groups of them. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** Counts [k, k] as a table of buttons. */
export function CountTable({ trace, counts, rows, columns, shown, onChoose }: CountTableProps) {
  const words = rightWords(trace);
  const k = rows.length;
  const shares = rowShares(counts, k);
  const order = shown ?? rows.map((_, c) => c);
  return (
    <div className="matrix-scroll">
      <table className="matrix-table">
        <caption className="visually-hidden">
          {!isPlain(trace) ? words.axes : 'Rows: true class. Columns: predicted class.'}
        </caption>
        <thead>
          <tr>
            <th scope="col">
              {!isPlain(trace) ? words.truth : 'true'} <span aria-hidden="true">↓</span>{' '}
              {words.predicted} <span aria-hidden="true">→</span>
            </th>
            {order.map((c) => (
              <th key={c} scope="col" className="matrix-column" title={columns[c]}>
                {columns[c]}
              </th>
            ))}
            {shown && (
              <th scope="col" className="matrix-column">
                others
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {order.map((truth) => (
            <tr key={truth}>
              <th scope="row">{rows[truth]}</th>
              {order.map((predicted) => {
                const n = counts[truth * k + predicted]!;
                const share = shares[truth * k + predicted]!;
                const style = { '--strength': Math.sqrt(share) } as CSSProperties;
                return (
                  <td
                    key={predicted}
                    className={truth === predicted ? 'hit' : 'miss'}
                    style={style}
                  >
                    <button
                      type="button"
                      className={share > 0.36 ? 'strong' : ''}
                      disabled={n === 0}
                      onClick={() => onChoose(truth, predicted)}
                      aria-label={`${count(n)} images of ${words.taken(rows[truth]!, columns[predicted]!)}`}
                    >
                      {n === 0 ? '' : count(n)}
                    </button>
                  </td>
                );
              })}
              {shown && (
                <td className="matrix-others">{count(othersIn(counts, k, truth, shown))}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Images of a class that are taken for none of those shown. */
function othersIn(counts: Uint32Array, k: number, truth: number, shown: readonly number[]): number {
  const all = counts.subarray(truth * k, (truth + 1) * k).reduce((sum, n) => sum + n, 0);
  return shown.reduce((left, predicted) => left - counts[truth * k + predicted]!, all);
}
