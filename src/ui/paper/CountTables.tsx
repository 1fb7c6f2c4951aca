import { useState } from 'react';
import type { MatrixPanel } from '../../state/paper/figure1.ts';
import { count, percent } from '../shared/format.ts';
import { NAMED_CLASSES } from './matrixPaths.ts';
import { Scroller } from './Section.tsx';

interface CountTablesProps {
  readonly panels: readonly MatrixPanel[];
  readonly classes: readonly string[];
}

/** The numbers behind the figure, one exit at a time. */
export function CountTables({ panels, classes }: CountTablesProps) {
  const [shown, show] = useState(0);
  const panel = panels[Math.min(shown, panels.length - 1)]!;
  return (
    <details className="paper-counts">
      <summary>The counts as a table</summary>
      <label className="field small">
        Exit
        <select value={shown} onChange={(event) => show(Number(event.target.value))}>
          {panels.map(({ name }, n) => (
            <option key={name} value={n}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {classes.length > NAMED_CLASSES ? (
        <p className="paper-note">{classes.length} classes: take the counts as CSV.</p>
      ) : (
        <Counts panel={panel} classes={classes} />
      )}
    </details>
  );
}

function Counts({
  panel,
  classes,
}: {
  readonly panel: MatrixPanel;
  readonly classes: readonly string[];
}) {
  const k = classes.length;
  return (
    <Scroller label={`Counts at ${panel.name}`}>
      <table className="paper-table">
        <caption className="paper-note">
          {panel.name}: training images by true class (rows) and predicted class (columns);{' '}
          {percent(panel.accuracy)} right.
        </caption>
        <thead>
          <tr>
            <th scope="col">true, predicted</th>
            {classes.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, truth) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {classes.map((other, predicted) => (
                <td key={other} className={truth === predicted ? 'paper-ours' : ''}>
                  {count(panel.counts[truth * k + predicted]!)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
