import { useState } from 'react';
import { searchTarget, useExplore } from '../../state/explore.ts';
import { useSettings } from '../../state/settings.ts';

/** The paper's threshold search for one target. */
export function TargetSearch() {
  const { train, searchAnswer } = useExplore();
  const seed = useSettings((settings) => settings.seed);
  const [target, setTarget] = useState('0.30');
  const value = Number(target.replace(',', '.'));
  const valid = target.trim() !== '' && value > 0 && value <= 1.2;
  const ready = train !== null && train.count === train.total;
  return (
    <form
      className="target"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) searchTarget(value, seed);
      }}
    >
      <label className="field small">
        The paper’s search for
        <input
          inputMode="decimal"
          value={target}
          size={5}
          onChange={(event) => setTarget(event.target.value)}
          aria-invalid={!valid}
        />
        of the FLOPs, seed {seed}
      </label>
      <button type="submit" className="button small" disabled={!valid || !ready}>
        Search
      </button>
      <p role="status" className="target-answer">
        {!valid ? 'Expected a number between 0 and 1.2.' : searchAnswer}
      </p>
    </form>
  );
}
