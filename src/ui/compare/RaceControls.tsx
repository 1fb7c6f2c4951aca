import { useShallow } from 'zustand/react/shallow';
import { METHODS } from '../../methods/registry.ts';
import { chooseSearch, methodIds, toggleMethod, useCompare } from '../../state/compare/choices.ts';
import { leftToRace, race, raceOn, stopRace, useRace } from '../../state/compare/store.ts';
import { chosenVariant, sharedVariants } from '../../state/compare/variants.ts';
import { budgets, chooseStep, useSettings } from '../../state/settings.ts';
import { EpochsField } from '../shared/EpochsField.tsx';
import { count, duration } from '../shared/format.ts';
import { methodWords } from '../shared/methods.ts';
import { OptionControl } from '../shared/OptionControl.tsx';

interface RaceControlsProps {
  /** What a race's results would belong to. */
  readonly course: string;
}

/** Who races for how long, and the race itself. */
export function RaceControls({ course }: RaceControlsProps) {
  const methods = useCompare((state) => state.methods);
  const search = useCompare((state) => state.search);
  const running = useRace((state) => state.race);
  const left = useRace((state) => leftToRace(state, course, methods).length);
  const epochs = useSettings((state) => state.epochs);
  const variant = useSettings(useShallow(chosenVariant));
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
            onClick={() => chooseStep({ epochs: budget })}
          >
            {budget}
          </button>
        ))}
        <EpochsField
          label="Epochs"
          epochs={epochs}
          disabled={running !== null}
          onChoose={(chosen) => chooseStep({ epochs: chosen })}
        />
      </fieldset>
      {sharedVariants(methods).map(([name, option]) => (
        <OptionControl
          key={name}
          option={option}
          title={option.sharedTitle}
          className="field small"
          value={variant[name] ?? option.usual}
          disabled={running !== null}
          onChange={(value) => chooseStep({ [name]: value })}
        />
      ))}
      <label className="field small">
        thresholds by
        <select
          value={search}
          onChange={(event) => chooseSearch(event.target.value as typeof search)}
        >
          <option value="frontier">frontier search</option>
          <option value="class-aware">frontier search, by class</option>
          <option value="paper">paper’s search</option>
        </select>
      </label>
      <div className="race-run">
        {running ? (
          <button type="button" className="button primary" onClick={stopRace}>
            Stop
          </button>
        ) : (
          <>
            {left > 0 && (
              <button
                type="button"
                className="button primary"
                onClick={() => void raceOn(course)}
                title="Goes on with the methods that the last race did not finish"
              >
                Race on ({left} left)
              </button>
            )}
            <button
              type="button"
              className={`button ${left > 0 ? '' : 'primary'}`}
              disabled={methods.length === 0}
              onClick={() => void race()}
            >
              Race
            </button>
          </>
        )}
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
