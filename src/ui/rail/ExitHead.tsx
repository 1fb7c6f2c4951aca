import { memo, useMemo } from 'react';
import { drawnMatrix, permuted, type Population } from '../../core/confusion.ts';
import { costUnit } from '../../core/costs.ts';
import type { Outcome } from '../../core/replay.ts';
import { accuracyAt, relativeCost, type Trace } from '../../core/trace.ts';
import { superclassesOf } from '../../data/cifar100-classes.ts';
import { enlarge } from '../../state/scene/selection.ts';
import { depthColour } from '../shared/colours.ts';
import { percent, plural } from '../shared/format.ts';
import { rightWords } from '../shared/rightWords.ts';
import { MatrixCanvas } from './MatrixCanvas.tsx';
import { useScene } from '../shared/scene.ts';

interface ExitHeadProps {
  readonly trace: Trace;
  readonly exit: number;
  readonly population: Population;
  /** Null when the matrix counts all images: then no drag redraws it. */
  readonly outcome: Outcome | null;
  /** Of the matrix, CSS pixels. */
  readonly side: number;
  /** Whether it is on screen, or nearly; the matrix is drawn only then: the browser keeps a layer for each. */
  readonly isSeen: boolean;
}

/** The head of an exit's column: its name, its confusion matrix, what it would get right, what it costs. */
export const ExitHead = memo(function ExitHead({
  trace,
  exit,
  population,
  outcome,
  side,
  isSeen,
}: ExitHeadProps) {
  const scene = useScene();
  const { name } = trace.exits[exit]!;
  // A hundred classes by the alphabet show nothing; those of a kind side by side do.
  const order = useMemo(
    () => superclassesOf(trace.classes)?.flatMap(({ classes }) => [...classes]),
    [trace.classes],
  );
  const matrix = useMemo(() => {
    if (!isSeen) return null;
    const drawn = drawnMatrix(trace, exit, population, outcome ?? undefined);
    return order ? { ...drawn, counts: permuted(drawn.counts, drawn.k, order) } : drawn;
  }, [isSeen, trace, exit, population, outcome, order]);
  const words = rightWords(trace);
  const accuracy = useMemo(() => accuracyAt(trace, exit), [trace, exit]);
  return (
    <div className="exit-head" style={{ borderTopColor: depthColour(exit, trace.exits.length) }}>
      <h3 title={name}>{name}</h3>
      <button
        type="button"
        className="matrix-button"
        onClick={() => enlarge(scene, exit)}
        aria-label={`Enlarge the ${words.matrix} at ${name}: ${percent(accuracy)} of ${plural(trace.count, `${trace.split} image`)} ${words.right}`}
      >
        {matrix ? (
          <MatrixCanvas counts={matrix.counts} k={matrix.k} side={side} />
        ) : (
          <span className="matrix" style={{ width: side, height: side }} />
        )}
      </button>
      <div className="exit-accuracy" title={words.accuracy}>
        {percent(accuracy)}
      </div>
      <div
        className="exit-cost"
        title={`${costUnit(trace)} of an image that leaves here, relative to ${words.thePlain}`}
      >
        cost {relativeCost(trace, exit).toFixed(2)}
      </div>
    </div>
  );
});
