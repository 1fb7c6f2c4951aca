import type { Policy } from '../../core/policy.ts';
import type { Explanation } from '../../engine/client/types.ts';
import { threshold } from '../shared/format.ts';

interface ExitTableProps {
  readonly explanation: Explanation;
  readonly policy: Policy;
  /** Where the image leaves. */
  readonly exit: number;
}

/** The image's confidence against T at every exit, and its distance to every class mean. */
export function ExitTable({ explanation, policy, exit }: ExitTableProps) {
  const { exits, classes, distance, confidence, prediction } = explanation;
  const k = classes.length;
  return (
    <details className="exit-table">
      <summary>Every exit and every class mean in numbers</summary>
      <div
        className="table-scroll"
        tabIndex={0}
        role="group"
        aria-label="Distances to class means at each exit"
      >
        <table>
          <thead>
            <tr>
              <th scope="col">exit</th>
              <th scope="col">label</th>
              <th scope="col">confidence</th>
              <th scope="col">T</th>
              {classes.map((name) => (
                <th key={name} scope="col">
                  ‖x − c‖ {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {exits.map(({ name }, j) => (
              <tr key={name} className={j === exit ? 'here' : ''}>
                <th scope="row">
                  {name}
                  {j === exit && ' (leaves)'}
                </th>
                <td>{classes[prediction[j]!]}</td>
                <td>{confidence[j]!.toFixed(4)}</td>
                <td>{j < policy.thresholds.length ? threshold(policy.thresholds[j]!) : '–'}</td>
                {classes.map((other, c) => (
                  <td key={other}>
                    {Number.isFinite(distance[j * k + c]!)
                      ? distance[j * k + c]!.toPrecision(4)
                      : '–'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
