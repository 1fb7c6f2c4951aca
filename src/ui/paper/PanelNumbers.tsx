import type { CurvePanel } from '../../state/paper/figure2.ts';
import { isMeasured } from '../../state/paper/measure.ts';
import { measured } from './format.ts';
import { Scroller } from './Section.tsx';

/** The points of a panel as numbers: accuracy on test at exactly some costs. */
export function PanelNumbers({ panel }: { readonly panel: CurvePanel }) {
  const filled = panel.series.filter(({ runs }) => runs.length > 0);
  const budgets = [
    ...new Set(filled.flatMap(({ numbers }) => numbers.map(({ budget }) => budget))),
  ];
  return (
    <details className="paper-counts">
      <summary>In numbers</summary>
      <Scroller label={`${panel.title} in numbers`}>
        <table className="paper-table">
          <caption className="visually-hidden">
            {panel.title}: accuracy on test in percent at exactly a cost.
          </caption>
          <thead>
            <tr>
              <th scope="col">at</th>
              {filled.map(({ method, title }) => (
                <th key={method} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {budgets.map((budget) => (
              <tr key={budget}>
                <th scope="row">{budget.toFixed(2)}</th>
                {filled.map(({ method, numbers }) => {
                  const ours = numbers.find((one) => one.budget === budget)?.ours;
                  return <td key={method}>{ours && isMeasured(ours) ? measured(ours) : '–'}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </details>
  );
}
