import { useEffect, useMemo, useRef } from 'react';
import type { RecordedRun } from '../../core/run-index.ts';
import {
  countsCsv,
  exitInWords,
  figure1Runs,
  isPaperNetwork,
  matrixPanels,
  shapeSentence,
  sixExits,
} from '../../state/paper/figure1.ts';
import { datasetFacts, titleOfId } from '../../state/paper/names.ts';
import { chooseFigureRun, loadFigureTrace, usePaper } from '../../state/paper/store.ts';
import { useRuns } from '../../state/runs.ts';
import { download } from '../../state/exports.ts';
import { bytes, plural } from '../shared/format.ts';
import { CountTables } from './CountTables.tsx';
import { ExitChoice } from './ExitChoice.tsx';
import { exportPng, exportSvg } from './exportFigure.ts';
import { MatrixFigure } from './MatrixFigure.tsx';
import { Scroller, Section } from './Section.tsx';

/** The paper's first figure for any recorded run of class means. */
export function Figure1() {
  const index = useRuns((state) => state.index);
  const chosen = usePaper((state) => state.figureRun);
  const runs = useMemo(() => figure1Runs(index), [index]);
  const run = runs.find(({ id }) => id === chosen) ?? runs[0] ?? null;
  return (
    <Section
      id="figure-1"
      title="Figure 1 · Confusion of the nearest class mean"
      note={run && noteOf(run)}
      tools={run && <RunChoice run={run} runs={runs} />}
    >
      {run ? (
        <Drawn key={run.id} run={run} />
      ) : (
        <p className="paper-frame">No run of class means is recorded yet.</p>
      )}
    </Section>
  );
}

function nameOf({ network, dataset }: RecordedRun): string {
  return `${titleOfId(network)} on ${datasetFacts(dataset).title}`;
}

function noteOf(run: RecordedRun): string {
  const { train, provenance } = run;
  const all = datasetFacts(run.dataset).train;
  const part = all !== null && train.count < all ? ` of ${plural(all, 'image')}` : '';
  return (
    `Training split, ${part ? `the first ${train.count.toLocaleString('en-US')}${part}` : plural(train.count, 'image')}; ` +
    `class means from ${plural(provenance.trainImages, 'image')}. Recorded on ${provenance.backend}, commit ${provenance.commit}.`
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

function Drawn({ run }: { readonly run: RecordedRun }) {
  const { figureTrace, figureProblem, figureExits } = usePaper();
  const figure = useRef<SVGSVGElement>(null);
  const count = run.exits.length;
  const six = useMemo(() => figureExits ?? sixExits(count), [figureExits, count]);
  useEffect(() => void loadFigureTrace(run), [run]);
  const trace =
    figureTrace?.network === run.network && figureTrace.dataset === run.dataset
      ? figureTrace
      : null;
  const panels = useMemo(() => trace && matrixPanels(trace, six), [trace, six]);
  const name = `figure-1.${run.dataset}.${run.network}.train`;
  return (
    <>
      <figure className="paper-figure-box">
        {panels && trace ? (
          <Scroller label="Six confusion matrices">
            <MatrixFigure
              ref={figure}
              title={`Confusion of the nearest class mean, ${nameOf(run)}`}
              subtitle={`Training split, ${plural(trace.count, 'image')}; left to right, top to bottom, by depth of the exit`}
              panels={panels}
              words={six.map((exit) => exitInWords(exit, count))}
              classes={run.classes}
            />
          </Scroller>
        ) : (
          <p className="paper-frame paper-frame-tall">
            {figureProblem ??
              `Loading the recorded trace, about ${bytes(3 * count * run.train.count)} …`}
          </p>
        )}
        <figcaption>
          <p>
            <b>In the paper:</b> “Confusion matrix of the classifications done according to the
            nearest class mean on CIFAR-10 training set. From left to right, top to bottom; the
            results belong to the first convolutional layer, 1st, 3rd, 10th, 15th and 30th residual
            block of ResNet-152.”
          </p>
          <p>
            <b>Here:</b> {nameOf(run)}. {ruleOf(run, figureExits !== null)} The label is that of the
            normalised distance (eq. 7); at the classifier it is the network’s own.
          </p>
          <p>{shapeSentence(run, six)}</p>
        </figcaption>
      </figure>
      <div className="paper-tools">
        <button
          type="button"
          className="button"
          disabled={!panels}
          onClick={() => exportSvg(figure.current!, name)}
        >
          SVG
        </button>
        <button
          type="button"
          className="button"
          disabled={!panels}
          onClick={() => void exportPng(figure.current!, name)}
        >
          PNG
        </button>
        <button
          type="button"
          className="button"
          disabled={!panels}
          onClick={() => download(`${name}.csv`, 'text/csv', countsCsv(panels!, run.classes))}
        >
          Counts as CSV
        </button>
      </div>
      <ExitChoice run={run} six={six} />
      {panels && <CountTables panels={panels} classes={run.classes} />}
    </>
  );
}

function ruleOf(run: RecordedRun, byHand: boolean): string {
  if (byHand) return 'The exits were chosen by hand.';
  if (isPaperNetwork(run.exits.length)) return 'The exits are the paper’s.';
  return 'The exits stand at the nearest relative position between first and last exit, each after the one before.';
}
