import { FIGURE_2 } from '../../state/paper/claims.ts';
import type { CurveMethod, CurvePanel } from '../../state/paper/figure2.ts';
import { ClaimTable } from './ClaimTable.tsx';
import { hues, Mark } from './CurvePlot.tsx';
import { CurvePanelBox } from './CurvePanelBox.tsx';
import { SearchChoice } from './SearchChoice.tsx';
import { Section } from './Section.tsx';

/** The paper's second figure: six panels in its layout, and its claim held against whatever is recorded. */
export function Figure2({ panels }: { readonly panels: readonly CurvePanel[] }) {
  return (
    <Section
      id="figure-2"
      why="tables"
      title="Figure 2 · E2CM, SDN and BranchyNet after one epoch"
      note="Accuracy on the test split against mean FLOPs; E2CM needs no training, the others get one epoch. Thresholds are found on train and drawn on test as they are."
      tools={<SearchChoice name="figure-2" />}
    >
      <Legend />
      <div className="paper-panels">
        {panels.map((panel) => (
          <CurvePanelBox key={panel.id} panel={panel} />
        ))}
      </div>
      <h3>The claim: {FIGURE_2.claim}</h3>
      <ClaimTable panels={panels} />
    </Section>
  );
}

const methods: readonly CurveMethod[] = ['E2CM', 'SDN', 'BranchyNet'];

function Legend() {
  return (
    <ul className="paper-legend">
      {methods.map((method) => (
        <li key={method} className={hues[method]}>
          <svg width="12" height="12" aria-hidden="true">
            <Mark method={method} kind="solid" x={6} y={6} />
          </svg>
          {method}
        </li>
      ))}
      <li>
        <svg width="12" height="12" aria-hidden="true">
          <Mark method="E2CM" kind="faint" x={6} y={6} />
        </svg>
        small: all leave at one exit
      </li>
      <li>
        <svg width="30" height="12" aria-hidden="true">
          <path className="paper-line" d="M3 6H27" />
          <Mark method="E2CM" kind="solid" x={3} y={6} />
          <Mark method="E2CM" kind="solid" x={27} y={6} />
        </svg>
        large: a policy of the curve; line: time sharing of two
      </li>
      <li>
        <svg width="20" height="12" aria-hidden="true">
          <path className="paper-plain" d="M0 6H20" />
        </svg>
        plain network
      </li>
    </ul>
  );
}
