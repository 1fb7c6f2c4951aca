import { useMemo } from 'react';
import type { RecordedRun } from '../../core/run-index.ts';
import { chooseFigureRun, usePaperChoices } from '../../state/paper/choices.ts';
import { figure1Runs, tracedImages } from '../../state/paper/figure1.ts';
import { datasetFacts, titleOfId } from '../../state/paper/names.ts';
import { useRuns } from '../../state/lease/runs.ts';
import { plural } from '../shared/format.ts';
import { FigureMatrices } from './FigureMatrices.tsx';
import { Section } from './Section.tsx';

/** The paper's first figure for any recorded run of class means. */
export function Figure1() {
  const index = useRuns((state) => state.index);
  const chosen = usePaperChoices((state) => state.figureRun);
  const runs = useMemo(() => figure1Runs(index), [index]);
  const run = runs.find(({ id }) => id === chosen) ?? runs[0] ?? null;
  return (
    <Section
      id="figure-1"
      why="matrices"
      title="Figure 1 · Confusion of the nearest class mean"
      note={run && noteOf(run)}
      tools={run && <RunChoice run={run} runs={runs} />}
    >
      {run ? (
        <FigureMatrices key={run.id} run={run} name={nameOf(run)} />
      ) : (
        <p className="paper-frame">
          {index
            ? 'No run of class means is recorded yet.'
            : 'Waiting for the index of recorded runs.'}
        </p>
      )}
    </Section>
  );
}

function noteOf(run: RecordedRun): string {
  const { trainImages, backend, commit } = run.provenance;
  return (
    `Training split, ${tracedImages(run)}; class means from ${plural(trainImages, 'image')}. ` +
    `Recorded on ${backend}, commit ${commit}.`
  );
}

interface RunChoiceProps {
  readonly run: RecordedRun;
  readonly runs: readonly RecordedRun[];
}

function RunChoice({ run, runs }: RunChoiceProps) {
  return (
    <label className="field">
      Recorded run
      <select value={run.id} onChange={(event) => chooseFigureRun(event.target.value)}>
        {runs.map((one) => (
          <option key={one.id} value={one.id}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

function nameOf({ network, dataset }: RecordedRun): string {
  return `${titleOfId(network)} on ${datasetFacts(dataset).title}`;
}
