import { useMemo, useRef } from 'react';
import { titleOf } from '../../state/lease/images.ts';
import { usePaperChoices } from '../../state/paper/choices.ts';
import { useRuns } from '../../state/lease/runs.ts';
import { claimOf, figure3Csv, type Claim } from '../../state/unsupervised/claim.ts';
import { figure3 } from '../../state/unsupervised/figure3.ts';
import { recordedFacts } from '../../state/provenance/facts.ts';
import { FigureButtons } from '../shared/FigureButtons.tsx';
import { percent, plural, tenths } from '../shared/format.ts';
import './figure3.css';
import { Figure3Plot } from './Figure3Plot.tsx';

/** Figure 3 of one dataset with its claim, and as files to take away. */
export function Figure3Graph({ dataset }: { readonly dataset: string }) {
  const index = useRuns((state) => state.index);
  const problem = useRuns((state) => state.problem);
  const search = usePaperChoices((state) => state.search);
  const figure = useMemo(() => figure3(index, dataset, search), [index, dataset, search]);
  const drawing = useRef<SVGSVGElement>(null);
  const title = titleOf(dataset);
  if (!figure)
    return (
      <p className="figure3-none">
        {problem ??
          (index
            ? `Nobody has recorded clusterings of ${title} for this figure.`
            : 'Loading the index of recorded runs …')}
      </p>
    );
  const claim = claimOf(figure, dataset);
  const name = `figure-3.${dataset}.${search}`;
  return (
    <div className="figure3">
      <Figure3Plot
        ref={drawing}
        figure={figure}
        claim={claim}
        title={`${title}: ${plural(figure.runs.length, 'run')} of DEC with early exits`}
      />
      <ClaimWords claim={claim} />
      <FigureButtons
        figure={drawing}
        stem={name}
        csv={() => figure3Csv(figure)}
        of={() =>
          recordedFacts(
            (index?.runs ?? []).filter(({ id }) => figure.runs.some((run) => run.id === id)),
          )
        }
      />
    </div>
  );
}

/** The claim at exactly its budget, ours and the paper's. */
function ClaimWords({ claim: { cost, lost, paper, runs } }: { readonly claim: Claim }) {
  const saved = percent(1 - cost, 0);
  return (
    <dl className="figure3-claim">
      <div>
        <dt>points lost when {saved} of the FLOPs are saved</dt>
        <dd>
          {lost ? tenths(lost.mean) : '–'}
          {lost && runs > 1 && (
            <small>
              {tenths(lost.least)} to {tenths(lost.most)} over {plural(runs, 'run')}
            </small>
          )}
        </dd>
      </div>
      {paper && (
        <div>
          <dt>the paper: {paper.words}</dt>
          <dd className="figure3-theirs">{paper.lost}</dd>
        </div>
      )}
    </dl>
  );
}
