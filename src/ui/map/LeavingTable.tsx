import { memo, useMemo, useState } from 'react';
import type { Outcome } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';
import { count, percent } from '../shared/format.ts';
import { rightWords } from '../shared/rightWords.ts';
import { useRested } from '../shared/useRested.ts';

interface LeavingTableProps {
  readonly trace: Trace;
  readonly outcome: Outcome;
  /** Mean known difficulty of the images that leave at each exit; null where it isn't known. */
  readonly difficulty: Float64Array | null;
}

/** The exit map in numbers; while nobody looks at them they follow a drag once it rests. */
export function LeavingTable({ trace, outcome, difficulty }: LeavingTableProps) {
  const [isOpen, setIsOpen] = useState(false);
  const now = useMemo(() => ({ trace, outcome, difficulty }), [trace, outcome, difficulty]);
  const rested = useRested(now);
  return (
    <details className="leaving-table" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>The same in numbers</summary>
      <Numbers {...(isOpen ? now : rested)} />
    </details>
  );
}

const Numbers = memo(function Numbers({ trace, outcome, difficulty }: LeavingTableProps) {
  const words = rightWords(trace);
  return (
    <div
      className="table-scroll"
      tabIndex={0}
      role="group"
      aria-label="Images leaving at each exit"
    >
      <table>
        <thead>
          <tr>
            <th scope="col">exit</th>
            <th scope="col">leave</th>
            <th scope="col">share of all</th>
            <th scope="col">{words.right}</th>
            <th scope="col">{words.wrong}</th>
            <th scope="col">{words.right} of those that leave</th>
            {difficulty && <th scope="col">mean difficulty</th>}
          </tr>
        </thead>
        <tbody>
          {trace.exits.map(({ name }, j) => {
            const leaving = outcome.leaving[j]!;
            const right = outcome.right[j]!;
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{count(leaving)}</td>
                <td>{percent(trace.count === 0 ? 0 : leaving / trace.count)}</td>
                <td>{count(right)}</td>
                <td>{count(leaving - right)}</td>
                <td>{leaving === 0 ? '–' : percent(right / leaving)}</td>
                {difficulty && <td>{leaving === 0 ? '–' : difficulty[j]!.toFixed(2)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
});
