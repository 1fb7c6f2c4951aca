import { isMethodId } from '../../methods/registry.ts';
import { heightOf, whyNoHeight, type Member, type Racer } from '../../state/compare/racers.ts';
import { pin } from '../../state/compare/choices.ts';
import { paperNumbers, PAPER_COSTS } from '../../state/compare/paper.ts';
import { count, duration, flops, percent } from '../shared/format.ts';
import { methodWords } from '../shared/methods.ts';
import { nameOf } from './racer.ts';

interface CompareTableProps {
  readonly racers: readonly Racer[];
  readonly dataset: string;
  readonly network: string;
  readonly epochs: number;
  readonly pinned: number;
}

/** Accuracy at the paper's budgets and at the pinned one, with the paper's numbers, and the cost of fitting. */
export function CompareTable({ racers, dataset, network, epochs, pinned }: CompareTableProps) {
  const costs = [...new Set([...PAPER_COSTS, pinned])].sort((a, b) => a - b);
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label="Methods at a budget">
      <table className="compare-table">
        <thead>
          <tr>
            <th scope="col">method</th>
            {costs.map((cost) => (
              <th key={cost} scope="col" className={cost === pinned ? 'pinned' : ''}>
                <button type="button" className="link" onClick={() => pin(cost)}>
                  at {cost.toFixed(3).replace(/0$/, '')}
                </button>
              </th>
            ))}
            <th scope="col">learnt from</th>
            <th scope="col">forward</th>
            <th scope="col">backward</th>
            <th scope="col">time</th>
            <th scope="col">test images</th>
          </tr>
        </thead>
        <tbody>
          {racers.map((racer) => {
            const { method, opened } = racer;
            const paper =
              isMethodId(method) && !opened ? paperNumbers(method, dataset, network, epochs) : null;
            const first = racer.members[0]!;
            return (
              <tr key={racer.key}>
                <th scope="row">
                  <span
                    className="swatch"
                    style={{ background: methodWords(racer.method).hue }}
                    aria-hidden="true"
                  />
                  {nameOf(racer)}
                </th>
                {costs.map((cost) => {
                  const height = heightOf(racer, cost);
                  const printed = paper?.[cost];
                  return (
                    <td key={cost} className={cost === pinned ? 'pinned' : ''}>
                      {height ? percent(height.mean) : whyNoHeight(racer, cost)}
                      {height && racer.members.length > 1 && (
                        <small>
                          {percent(height.low)} – {percent(height.high)}
                        </small>
                      )}
                      {printed !== undefined && <small>paper: {printed} %</small>}
                    </td>
                  );
                })}
                <td>
                  {first.trainImages > 0 ? `${count(first.trainImages)} images` : 'not stated'}
                </td>
                <td>{first.cost ? flops(first.cost.forward) : 'not stated'}</td>
                <td>{backwardOf(first)}</td>
                <td>{first.seconds === null ? 'not recorded' : duration(first.seconds)}</td>
                <td>{count(first.testImages)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function backwardOf({ cost }: Member): string {
  if (!cost) return 'not stated';
  return cost.backward === 0 ? 'none' : flops(cost.backward);
}
