import type { Arrangement } from '../../core/arrange.ts';
import type { Trace } from '../../core/trace.ts';
import { count } from '../shared/format.ts';
import type { RightWords } from '../shared/rightWords.ts';

interface ClusterTableProps {
  readonly trace: Trace;
  /** What clusters are called, by place. */
  readonly names: readonly string[];
  readonly clusters: readonly number[];
  readonly map: Arrangement;
  /** By cluster and exit. */
  readonly wrong: Uint32Array;
  readonly words: RightWords;
}

/** The cluster map in numbers. */
export function ClusterTable({ trace, names, clusters, map, wrong, words }: ClusterTableProps) {
  const { exits, classes } = trace;
  const m = exits.length;
  const images = (from: number, to: number): number => map.start[to]! - map.start[from]!;
  return (
    <details className="leaving-table cluster-table">
      <summary>Clusters in numbers</summary>
      <div
        className="table-scroll"
        tabIndex={0}
        role="group"
        aria-label="Images by cluster and exit"
      >
        <table>
          <thead>
            <tr>
              <th scope="col">cluster</th>
              {exits.map(({ name }) => (
                <th key={name} scope="col">
                  leave at {name}
                </th>
              ))}
              <th scope="col">all</th>
              <th scope="col">{words.wrong}</th>
            </tr>
          </thead>
          <tbody>
            {clusters.map((cluster) => (
              <tr key={classes[cluster]}>
                <th scope="row">{names[cluster]}</th>
                {exits.map(({ name }, j) => (
                  <td key={name}>{count(images(cluster * m + j, cluster * m + j + 1))}</td>
                ))}
                <td>{count(images(cluster * m, (cluster + 1) * m))}</td>
                <td>
                  {count(
                    wrong
                      .subarray(cluster * m, (cluster + 1) * m)
                      .reduce((sum, bad) => sum + bad, 0),
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
