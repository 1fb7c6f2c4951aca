import { startTransition, useOptimistic } from 'react';
import { ENSEMBLES, TEMPERATURE_SOURCE } from '../../core/confidence/hold.ts';
import type { ConfidenceChoice, Ensemble } from '../../core/confidence/choice.ts';
import { sense } from '../../core/policy.ts';
import { MEASURES, type Measure } from '../../core/scores.ts';
import { heldIn } from '../../methods/registry.ts';
import { canFit, hasScores } from '../../state/traces/confidence.ts';
import { holdBy } from '../../state/traces/open.ts';
import type { Opened } from '../../state/traces/opened.ts';
import { headOf } from '../../data/traces/runs.ts';
import { unitHeld } from '../shared/methods.ts';
import './confidence.css';

const measures = Object.keys(MEASURES) as readonly Measure[];
const ensembles = Object.keys(ENSEMBLES) as readonly Ensemble[];

const PLAIN: ConfidenceChoice = { measure: 'max-softmax', ensemble: 'alone', isTempered: false };

/** By which confidence of its scores an opened trace is held; everything on screen follows. */
export function ConfidenceForm({ opened }: { readonly opened: Opened }) {
  const run = opened.runs[opened.at]!;
  // What was chosen is seen at once, whatever it takes to be worked out.
  const [choice, show] = useOptimistic(opened.choice);
  if (!hasScores(run)) return null;
  const own = headOf(run);
  const isFittable = canFit(run, opened.isHalved);
  const take = (next: ConfidenceChoice | null): void =>
    startTransition(async () => {
      show(next);
      await holdBy(next);
    });
  const choose = (change: Partial<ConfidenceChoice>): void =>
    take({ ...(choice ?? PLAIN), ...change });
  return (
    <fieldset className="confidence">
      <legend className="visually-hidden">Confidence made of the scores</legend>
      <label className="field small">
        Confidence
        <select
          value={choice?.measure ?? ''}
          title={choice ? `After ${MEASURES[choice.measure].source}` : 'As the trace came'}
          onChange={({ target }) => {
            const measure = measures.find((one) => one === target.value);
            if (measure) choose({ measure });
            else take(null);
          }}
        >
          <option value="">
            its own: {unitHeld('frontier', own)} {sense(heldIn(own)).symbol} T
          </option>
          {measures.map((one) => (
            <option key={one} value={one} title={`After ${MEASURES[one].source}`}>
              {MEASURES[one].name} {sense(MEASURES[one].rule).symbol} T
            </option>
          ))}
        </select>
      </label>
      {choice && (
        <>
          <label className="field small">
            of
            <select
              value={choice.ensemble}
              title={ENSEMBLES[choice.ensemble].source || 'What each exit says'}
              onChange={({ target }) => {
                const ensemble = ensembles.find((one) => one === target.value);
                if (ensemble) choose({ ensemble });
              }}
            >
              {ensembles.map((one) => (
                <option
                  key={one}
                  value={one}
                  title={ENSEMBLES[one].source}
                  disabled={one === 'weighted' && !isFittable}
                >
                  {ENSEMBLES[one].name}
                </option>
              ))}
            </select>
          </label>
          <label className="confidence-tempered" title={TEMPERATURE_SOURCE}>
            <input
              type="checkbox"
              checked={choice.isTempered}
              disabled={!isFittable}
              onChange={({ target }) => choose({ isTempered: target.checked })}
            />
            a temperature for each exit
          </label>
          <p className="panel-help">{wordsOf(choice, isFittable)}</p>
        </>
      )}
    </fieldset>
  );
}

function wordsOf({ measure, ensemble, isTempered }: ConfidenceChoice, isFittable: boolean): string {
  const sources = [
    `After ${MEASURES[measure].source}`,
    ENSEMBLES[ensemble].source,
    isTempered ? TEMPERATURE_SOURCE : '',
  ].filter((source) => source !== '');
  const unfit = isFittable
    ? ''
    : ' Temperatures and weights need tuning images that came with scores: open them too, or tune on half of the test images.';
  return `${sources.join('; ')}.${unfit}`;
}
