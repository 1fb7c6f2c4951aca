import { METHODS } from '../../methods/registry.ts';
import {
  chooseSearch,
  methodIds,
  race,
  stopRace,
  toggleMethod,
  useRace,
} from '../../state/compare/store.ts';
import { budgets, choose, MAX_EPOCHS, useSettings } from '../../state/settings.ts';
import { count, duration } from '../shared/format.ts';
import { methodWords } from '../shared/methods.ts';

/** Who races for how long, and the race itself. */
export function RaceControls() {
  const { methods, search, race: running } = useRace();
  const epochs = useSettings((settings) => settings.epochs);
  return (
    <div className="race">
      <fieldset className="race-methods">
        <legend>Methods</legend>
        {methodIds.map((id) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={methods.includes(id)}
              onChange={() => toggleMethod(id)}
            />
            <span className="swatch" style={{ background: methodWords(id).hue }} />
            {METHODS[id].name}
          </label>
        ))}
      </fieldset>
      <fieldset className="race-budget">
        <legend>Training budget, epochs</legend>
        {budgets.map((budget) => (
          <button
            key={budget}
            type="button"
            className="button small"
            aria-pressed={epochs === budget}
            disabled={running !== null}
            onClick={() => choose({ epochs: budget })}
          >
            {budget}
          </button>
        ))}
        <input
          type="number"
          aria-label="Epochs"
          min={1}
          max={MAX_EPOCHS}
          step={1}
          value={epochs}
          disabled={running !== null}
          onChange={(event) => {
            const value = Number(event.target.value);
            if (Number.isInteger(value) && value >= 1 && value <= MAX_EPOCHS)
              choose({ epochs: value });
          }}
        />
      </fieldset>
      <label className="field small">
        thresholds by
        <select
          value={search}
          onChange={(event) => chooseSearch(event.target.value as typeof search)}
        >
          <option value="frontier">frontier search</option>
          <option value="paper">paper’s search</option>
        </select>
      </label>
      <div className="race-run">
        <button
          type="button"
          className="button primary"
          disabled={running === null && methods.length === 0}
          onClick={() => (running ? stopRace() : void race())}
        >
          {running ? 'Stop' : 'Race'}
        </button>
        <span role="status" aria-live="off" className="race-words">
          <RaceWords />
        </span>
      </div>
    </div>
  );
}

function RaceWords() {
  const running = useRace((state) => state.race);
  if (!running) return null;
  const { method, place, of, words, progress } = running;
  const what = progress
    ? `${progress.phase} ${count(progress.done)} / ${count(progress.total)}${
        progress.secondsLeft === null ? '' : ` · ${duration(progress.secondsLeft)} left`
      }`
    : words;
  return (
    <>
      {place}/{of} {METHODS[method].name}: {what}
    </>
  );
}
