import { holdings, saidOf } from '../../core/leaving.ts';
import type { Policy } from '../../core/policy.ts';
import { isClustering } from '../../core/meaning.ts';
import type { Trace } from '../../core/trace.ts';
import type { Explanation } from '../../engine/client/types.ts';
import { confidence as digits, threshold } from '../shared/format.ts';
import { judgeNames } from '../shared/methods.ts';
import { rightWords } from '../shared/rightWords.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';

interface ExitTableProps {
  /** Null where the class means are not at hand. */
  readonly explanation: Explanation | null;
  /** The trace on screen: what the rule holds against T. */
  readonly trace: Trace;
  readonly image: number;
  readonly policy: Policy;
  /** Whether repetitions are held against T instead of the method's confidence. */
  readonly isPatience: boolean;
  /** Where the image leaves. */
  readonly exit: number;
}

/** The image's confidence against T at every exit, and its distance to every class mean. */
export function ExitTable({ explanation, trace, image, policy, isPatience, exit }: ExitTableProps) {
  const { confidence, prediction, second, count, exits } = trace;
  const classes = useClusterNames(trace);
  const { mean } = rightWords(trace);
  const distance = explanation?.distance;
  const k = classes.length;
  return (
    <details className="exit-table">
      <summary>
        {distance ? `Every exit and every ${mean} in numbers` : 'Every exit in numbers'}
      </summary>
      <div className="table-scroll" tabIndex={0} role="group" aria-label="What each exit says">
        <table>
          <thead>
            <tr>
              <th scope="col">exit</th>
              <th scope="col">{isClustering(trace) ? 'cluster' : 'label'}</th>
              <th scope="col">{isPatience ? 'repeats' : 'confidence'}</th>
              {second && (
                <>
                  <th scope="col">{judgeNames(trace)[1]}: label</th>
                  <th scope="col">{judgeNames(trace)[1]}: confidence</th>
                </>
              )}
              <th scope="col">T</th>
              {distance &&
                classes.map((name, c) => (
                  <th key={trace.classes[c]} scope="col">
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
                <td>{classes[prediction[j * count + image]!]}</td>
                <td>{digits(confidence[j * count + image]!)}</td>
                {second && (
                  <>
                    <td>{classes[second.prediction[j * count + image]!]}</td>
                    <td>{digits(second.confidence[j * count + image]!)}</td>
                  </>
                )}
                <td>
                  {j < exits.length - 1
                    ? holdings(policy, trace, j, saidOf(trace, j, image))
                        .map((held) => threshold(held.threshold, policy.rule))
                        .join(', ')
                    : '–'}
                </td>
                {distance &&
                  classes.map((_, c) => (
                    <td key={trace.classes[c]}>
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
