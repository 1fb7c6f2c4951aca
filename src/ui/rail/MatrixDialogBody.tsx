import { useMemo } from 'react';
import { drawnMatrix, worstConfusions, type Confused } from '../../core/confusion.ts';
import { accuracyAt, relativeCost, type Trace } from '../../core/trace.ts';
import { enlarge, filterByCell } from '../../state/scene/selection.ts';
import { costWords } from '../shared/costWords.ts';
import { count, percent, plural } from '../shared/format.ts';
import { hasTruth, isPlain, isUnlabelled, rightWords } from '../shared/rightWords.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';
import { LargeMatrix } from './LargeMatrix.tsx';
import { MatrixCanvas } from './MatrixCanvas.tsx';
import { MatrixTable } from './MatrixTable.tsx';
import { useScene, useShown, useSelection } from '../shared/scene.ts';

/** Above this many classes a table of buttons is no longer usable; a picture, parts of it and the worst confusions are. */
const TABLE_CLASSES = 20;
/** Confusions that are listed instead. */
const WORST = 20;

/** What the enlarged matrix of an exit shows. */
export function MatrixDialogBody({ exit }: { readonly exit: number }) {
  const scene = useScene();
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const population = useSelection((state) => state.population);
  const matrix = useMemo(
    () => trace && drawnMatrix(trace, exit, population, outcome ?? undefined),
    [trace, exit, population, outcome],
  );
  if (!trace || !matrix || exit >= trace.exits.length) return null;
  const { counts, block } = matrix;
  const side = Math.min(500, window.innerWidth - 70);
  const words = rightWords(trace);
  const { name } = trace.exits[exit]!;
  const who = { all: '', arriving: ' that arrive', leaving: ' that leave here' }[population];
  const shown =
    population === 'all' || !outcome
      ? trace.count
      : outcome.exitOf.reduce(
          (sum, at) => sum + (population === 'leaving' ? +(at === exit) : +(at >= exit)),
          0,
        );
  const choose = (truth: number, predicted: number): void => {
    filterByCell(scene, { exit, truth, predicted });
    enlarge(scene, null);
  };
  const step = (to: number): void =>
    enlarge(scene, Math.min(trace.exits.length - 1, Math.max(0, to)));
  return (
    <>
      <div className="dialog-head">
        <div>
          <h2 id="matrix-title">
            {hasTruth(trace) ? 'Confusion' : isUnlabelled(trace) ? 'Clusters' : 'Agreement'} at{' '}
            {name}
          </h2>
          <p className="panel-note">
            {plural(shown, `${trace.split} image`)}
            {who} · {percent(accuracyAt(trace, exit))} of all {words.right} · leaving here costs{' '}
            {relativeCost(trace, exit).toFixed(3)} {costWords(trace).of} of {words.thePlain}
          </p>
        </div>
        <div className="dialog-buttons">
          <button
            type="button"
            className="button quiet"
            onClick={() => step(exit - 1)}
            disabled={exit === 0}
          >
            ← earlier
          </button>
          <button
            type="button"
            className="button quiet"
            onClick={() => step(exit + 1)}
            disabled={exit === trace.exits.length - 1}
          >
            later →
          </button>
          <button type="button" className="button" onClick={() => enlarge(scene, null)}>
            Close
          </button>
        </div>
      </div>
      <p className="panel-help">
        Choose a {trace.classes.length <= TABLE_CLASSES ? 'cell' : 'confusion'} to show only its
        images everywhere.
        {!isPlain(trace) && ` ${capital(words.axes)}.`}
      </p>
      {trace.classes.length <= TABLE_CLASSES ? (
        <MatrixTable trace={trace} counts={counts} onChoose={choose} />
      ) : (
        <>
          {block > 1 ? (
            <>
              <MatrixCanvas counts={counts} k={matrix.k} side={side} />
              <p className="panel-help">
                {count(trace.classes.length)} classes in blocks of {block}: the diagonal counts what
                is {words.right}, and confusions within a block stand below alone.
              </p>
            </>
          ) : (
            <LargeMatrix trace={trace} counts={counts} side={side} onChoose={choose} />
          )}
          <WorstConfusions
            trace={trace}
            worst={worstConfusions(trace, exit, population, outcome ?? undefined, WORST)}
            onChoose={choose}
          />
        </>
      )}
    </>
  );
}

/** As the beginning of a sentence. */
function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

interface WorstConfusionsProps {
  readonly trace: Trace;
  readonly worst: readonly Confused[];
  readonly onChoose: (truth: number, predicted: number) => void;
}

/** The most frequent confusions, where there are too many classes for a cell each. */
function WorstConfusions({ trace, worst, onChoose }: WorstConfusionsProps) {
  const { classes } = trace;
  const names = useClusterNames(trace);
  const words = rightWords(trace);
  return (
    <ol className="worst">
      {worst.map(({ truth, predicted, count: images }) => (
        <li key={`${truth} ${predicted}`}>
          <button type="button" className="link" onClick={() => onChoose(truth, predicted)}>
            {words.taken((isUnlabelled(trace) ? names : classes)[truth]!, names[predicted]!)}
          </button>{' '}
          {count(images)}
        </li>
      ))}
    </ol>
  );
}
