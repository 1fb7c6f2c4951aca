import { FIGURE_2 } from '../../state/paper/claims.ts';
import type { CurvePanel } from '../../state/paper/figure2.ts';
import { percent, points } from '../shared/format.ts';
import { Scroller } from './Section.tsx';

/** How far E2CM is above the better of the two others, panel by panel. */
export function ClaimTable({ panels }: { readonly panels: readonly CurvePanel[] }) {
  if (panels.every(({ advantage }) => advantage === null))
    return (
      <p className="paper-frame paper-frame-low">
        Cannot be checked yet: it takes E2CM and at least one of SDN and BranchyNet after one epoch
        on the same network.
      </p>
    );
  return (
    <Scroller label="The claim of Figure 2, panel by panel">
      <table className="paper-table">
        <thead>
          <tr>
            <th scope="col">Panel</th>
            <th scope="col">most points above</th>
            <th scope="col">the same in percent of the other</th>
            <th scope="col">most FLOPs saved at equal accuracy</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">paper, “certain cases”</th>
            <td className="paper-theirs" colSpan={2}>
              up to {FIGURE_2.better} %, of which it does not say
            </td>
            <td className="paper-theirs">up to {FIGURE_2.faster} %</td>
          </tr>
          {panels.map(({ id, title, advantage: got }) => (
            <tr key={id}>
              <th scope="row">{title}</th>
              {got ? (
                <>
                  <td className="paper-ours">
                    {points(got.points)} at {got.pointsAt.toFixed(2)}
                  </td>
                  <td className="paper-ours">
                    {points(got.percent)} % at {got.percentAt.toFixed(2)}
                  </td>
                  <td className="paper-ours">
                    {got.faster
                      ? `${got.faster.value.toFixed(0)} % at ${percent(got.faster.accuracy)}`
                      : 'no accuracy in common'}
                  </td>
                </>
              ) : (
                <td colSpan={3} className="paper-empty">
                  cannot be checked yet
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="panel-help">
        Above the better of SDN and BranchyNet after one epoch, as far as they are recorded. SDN has
        no policy below the cost of its first classifier, 0.15 to 0.22 of the FLOPs: there
        BranchyNet is the other alone.
      </p>
    </Scroller>
  );
}
