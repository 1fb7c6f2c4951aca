import { useEffect, useMemo, useRef } from 'react';
import type { RecordedRun } from '../../core/run-index.ts';
import { usePaperChoices } from '../../state/paper/choices.ts';
import {
  countsCsv,
  exitInWords,
  isPaperNetwork,
  matrixPanels,
  shapeSentence,
  sixExits,
  tracedImages,
} from '../../state/paper/figure1.ts';
import { loadFigureTrace, usePaper } from '../../state/paper/store.ts';
import { recordedFacts } from '../../state/provenance/facts.ts';
import { FigureButtons } from '../shared/FigureButtons.tsx';
import { bytes } from '../shared/format.ts';
import { CountTables } from './CountTables.tsx';
import { ExitChoice } from './ExitChoice.tsx';
import { MatrixFigure } from './MatrixFigure.tsx';
import { Scroller } from './Section.tsx';

interface FigureMatricesProps {
  readonly run: RecordedRun;
  /** Of network and dataset, in words. */
  readonly name: string;
}

/** The six matrices of a run, with the paper's caption and ours, and what can be taken away. */
export function FigureMatrices({ run, name }: FigureMatricesProps) {
  const figureTrace = usePaper((state) => state.figureTrace);
  const figureProblem = usePaper((state) => state.figureProblem);
  const chosen = usePaperChoices((state) => state.figureExits);
  // A link's exits may not be this run's.
  const figureExits = chosen?.every((exit) => exit < run.exits.length) ? chosen : null;
  const figure = useRef<SVGSVGElement>(null);
  const count = run.exits.length;
  const six = useMemo(() => figureExits ?? sixExits(count), [figureExits, count]);
  useEffect(() => void loadFigureTrace(run), [run]);
  const trace = figureTrace?.run === run.id ? figureTrace.trace : null;
  const panels = useMemo(() => trace && matrixPanels(trace, six), [trace, six]);
  const stem = `figure-1.${run.dataset}.${run.network}.train`;
  return (
    <>
      <figure className="paper-figure-box">
        {panels && trace ? (
          <Scroller label="Six confusion matrices">
            <MatrixFigure
              ref={figure}
              title={`Confusion of the nearest class mean, ${name}`}
              subtitle={`Training split, ${tracedImages(run)}; left to right, top to bottom; costs relative to the plain network`}
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
            <b>Here:</b> {name}. {ruleOf(run, figureExits !== null)} The label is that of the
            normalised distance (eq. 7); at the classifier it is the network’s own.
          </p>
          <p>{shapeSentence(run, six)}</p>
          <FigureButtons
            figure={figure}
            stem={stem}
            csv={panels && (() => countsCsv(panels, run.classes))}
            csvLabel="Counts as CSV"
            of={() => recordedFacts([run], 'train')}
          />
        </figcaption>
      </figure>
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
