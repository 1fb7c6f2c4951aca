import { DEC_EXITS } from '../../network/dec.ts';
import { type Run } from '../../state/scene/run.ts';
import { useClusters } from '../../state/unsupervised/choices.ts';
import { count, percent } from '../shared/format.ts';
import { useRun } from '../shared/scene.ts';

type DecReport = Extract<NonNullable<Run['report']>, { readonly sizes: unknown }>;

const encoders = { 'DEC-small': 'small', 'DEC-middle': 'middle', 'DEC-large': 'large' } as const;

/** How well each exit's clusters are the classes, over all images that were clustered. */
export function ScoreTable() {
  const report = useRun((session) => session.report);
  const labelled = useClusters((choices) => choices.labelled);
  if (!isDecReport(report)) return null;
  const { steps, sizes } = report;
  const scores = labelled ? report.scores : null;
  // A class without a cluster has a place, too.
  const isUsed = [...sizes[0]!.keys()].map((place) => sizes.some((own) => own[place]! > 0));
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label="What came out">
      <table className="score-table">
        <caption>What came out, over all images that were clustered</caption>
        <thead>
          <tr>
            <th scope="col">exit</th>
            {scores && (
              <>
                <th scope="col">ACC</th>
                <th scope="col">NMI</th>
                <th scope="col">ARI</th>
              </>
            )}
            {steps && <th scope="col">steps refined</th>}
            <th scope="col">cluster sizes</th>
          </tr>
        </thead>
        <tbody>
          {DEC_EXITS.map((exit, j) => (
            <tr key={exit}>
              <th scope="row">{exit}</th>
              {scores && (
                <>
                  <td>{percent(scores[j]!.accuracy)}</td>
                  <td>{scores[j]!.nmi.toFixed(3)}</td>
                  <td>{scores[j]!.ari.toFixed(3)}</td>
                </>
              )}
              {steps && <td>{count(steps[encoders[exit]])}</td>}
              <td>{rangeOf(sizes[j]!.filter((_, place) => isUsed[place]))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function isDecReport(report: Run['report']): report is DecReport {
  return report !== null && 'sizes' in report && 'steps' in report;
}

function rangeOf(sizes: Uint32Array): string {
  const least = Math.min(...sizes);
  const most = Math.max(...sizes);
  return least === most ? count(most) : `${count(least)} – ${count(most)}`;
}
