import type { CSSProperties } from 'react';
import { rowShares } from '../../core/confusion.ts';
import { count } from '../shared/format.ts';

interface MatrixTableProps {
  /** Row-major counts, rows true classes. */
  readonly counts: Uint32Array;
  readonly classes: readonly string[];
  readonly onChoose: (truth: number, predicted: number) => void;
}

/** A confusion matrix as a table of buttons: rows are true classes, columns predicted ones. */
export function MatrixTable({ counts, classes, onChoose }: MatrixTableProps) {
  const k = classes.length;
  const shares = rowShares(counts, k);
  return (
    <div className="matrix-scroll">
      <table className="matrix-table">
        <caption className="visually-hidden">Rows: true class. Columns: predicted class.</caption>
        <thead>
          <tr>
            <th scope="col">
              true <span aria-hidden="true">↓</span> predicted <span aria-hidden="true">→</span>
            </th>
            {classes.map((name) => (
              <th key={name} scope="col" className="matrix-column" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, truth) => (
            <tr key={name}>
              <th scope="row">{name}</th>
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
                      aria-label={`${count(n)} images of ${name} taken for ${other}`}
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
