import type { RecordedRun } from '../../core/run-index.ts';
import { chooseFigureExits, usePaperChoices } from '../../state/paper/choices.ts';
import { exitInWords } from '../../state/paper/figure1.ts';

interface ExitChoiceProps {
  readonly run: RecordedRun;
  readonly six: readonly number[];
}

/** Another exit for each of the matrices, in the figure's own layout. */
export function ExitChoice({ run, six }: ExitChoiceProps) {
  const byHand = usePaperChoices((state) => state.figureExits !== null);
  const { exits } = run;
  return (
    <details className="paper-exits">
      <summary>Choose the exits</summary>
      <div className="paper-exit-grid">
        {six.map((exit, n) => (
          <label key={n} className="field small">
            {n + 1}
            <select
              value={exit}
              onChange={(event) => chooseFigureExits(six.with(n, Number(event.target.value)))}
            >
              {exits.map(({ name }, j) => (
                <option key={name} value={j} disabled={j !== exit && six.includes(j)}>
                  {name} · {exitInWords(j, exits.length)}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <button
        type="button"
        className="button small"
        disabled={!byHand}
        onClick={() => chooseFigureExits(null)}
      >
        Back to the rule
      </button>
    </details>
  );
}
