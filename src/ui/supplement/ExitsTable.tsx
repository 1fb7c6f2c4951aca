import { thresholdsOf, type Policy } from '../../core/policy.ts';
import { arrivingCounts } from '../../core/quantile.ts';
import type { Outcome } from '../../core/replay.ts';
import { accuracyAt, relativeCost, type Trace } from '../../core/trace.ts';
import { count, percent } from '../shared/format.ts';
import { rightWords } from '../shared/rightWords.ts';

interface ExitsTableProps {
  readonly trace: Trace;
  readonly outcome: Outcome;
  readonly policy: Policy;
  readonly costUnit: string;
}

/** Every exit in numbers. */
export function ExitsTable({ trace, outcome, policy, costUnit }: ExitsTableProps) {
  const arriving = arrivingCounts(outcome);
  const words = rightWords(trace);
  return (
    <div className="table-scroll" role="group" aria-label="The exits in numbers" tabIndex={0}>
      <table className="supplement-table">
        <thead>
          <tr>
            <th scope="col">exit</th>
            <th scope="col">{costUnit}, relative</th>
            <th scope="col">T</th>
            <th scope="col">arrive</th>
            <th scope="col">leave</th>
            <th scope="col">{words.right}</th>
            <th scope="col">{words.wrong}</th>
            <th scope="col">were all to leave here</th>
          </tr>
        </thead>
        <tbody>
          {trace.exits.map(({ name }, j) => {
            const own = thresholdsOf(policy, trace, j);
            const [left, right] = [outcome.leaving[j]!, outcome.right[j]!];
            return (
              <tr key={j}>
                <th scope="row">{name}</th>
                <td>{relativeCost(trace, j).toFixed(4)}</td>
                <td>{j < trace.exits.length - 1 ? own.join(' ') : '–'}</td>
                <td>{count(arriving[j]!)}</td>
                <td>{count(left)}</td>
                <td>{count(right)}</td>
                <td>{count(left - right)}</td>
                <td>{percent(accuracyAt(trace, j), 2)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
