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
  readonly onChoose: (truth: number, predicted: number) => void;
}

/** A confusion matrix as a table of buttons: rows are true classes, columns predicted ones. */
export function MatrixTable({ trace, counts, onChoose }: MatrixTableProps) {
  const { classes } = trace;
  const words = rightWords(trace);
  const names = useClusterNames(trace);
  const rows = isUnlabelled(trace) ? names : classes;
  const k = classes.length;
  const shares = rowShares(counts, k);
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
            {names.map((name, k) => (
              <th key={classes[k]} scope="col" className="matrix-column" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, truth) => (
            <tr key={name}>
              <th scope="row">{rows[truth]}</th>
              {classes.map((other, predicted) => {
                const n = counts[truth * k + predicted]!;
                const share = shares[truth * k + predicted]!;
                const style = { '--strength': Math.sqrt(share) } as CSSProperties;
                return (
                  <td key={other} className={truth === predicted ? 'hit' : 'miss'} style={style}>
                    <button
                      type="button"
                      className={share > 0.36 ? 'strong' : ''}
                      disabled={n === 0}
                      onClick={() => onChoose(truth, predicted)}
                      aria-label={`${count(n)} images of ${words.taken(rows[truth]!, names[predicted]!)}`}
                    >
                      {n === 0 ? '' : count(n)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
