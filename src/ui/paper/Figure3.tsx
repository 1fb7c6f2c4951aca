import type { LossRow } from '../../state/paper/figure3.ts';
import { points } from '../shared/format.ts';
import { measured } from './format.ts';
import { Scroller } from './Section.tsx';

/** What Figure 3 claims, and our cells beside it: empty until clustering runs are recorded. */
export function Figure3({ rows }: { readonly rows: readonly LossRow[] }) {
  return (
    <Scroller label="Claims of Figure 3">
      <table className="paper-table">
        <thead>
          <tr>
            <th scope="col">Dataset</th>
            <th scope="col" className="paper-text">
              claim
            </th>
            <th scope="col">paper, points lost</th>
            <th scope="col">ours</th>
            <th scope="col">diff.</th>
            <th scope="col" className="paper-text">
              ours: what differs
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ dataset, title, claim, paper, ours, difference }) => (
            <tr key={dataset}>
              <th scope="row">{title}</th>
              <td className="paper-text">{claim}</td>
              <td className="paper-theirs">{paper}</td>
              {ours && difference !== null ? (
                <>
                  <td className="paper-ours">{measured(ours)}</td>
                  <td>{points(difference)}</td>
                  <td className="paper-text">mean of {ours.runs} runs</td>
                </>
              ) : (
                <>
                  <td colSpan={2} className="paper-empty">
                    –
                  </td>
                  <td className="paper-text">not recorded yet</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
