import { useState } from 'react';
import { costUnit } from '../../core/costs.ts';
import { activeCurve } from '../../state/scene/derive.ts';
import type { Target } from '../../state/scene/target.ts';
import { rightWords } from '../shared/rightWords.ts';
import { useScene, useShown, useSearches } from '../shared/scene.ts';
import { targets, using } from '../shared/takeAway.ts';

/** Sets all thresholds for a cost that may not be passed, or an accuracy that must be reached. */
export function TargetForm() {
  const scene = useScene();
  const hasCurve = useShown((state) => activeCurve(state) !== null);
  const words = useShown(({ trace }) => trace && rightWords(trace));
  const unit = useShown(({ trace }) => (trace ? costUnit(trace) : 'FLOPs'));
  const answer = useSearches((state) => state.answer);
  const [kind, setKind] = useState<Target['kind']>('cost');
  const [draft, setDraft] = useState({ cost: '0.30', accuracy: '95', loss: '' });
  const number = Number(draft[kind].replace(',', '.'));
  const loss = draft.loss.trim() === '' ? null : Number(draft.loss.replace(',', '.'));
  const isLoss = loss === null || (loss >= 0 && loss <= 100);
  const valid = draft[kind].trim() !== '' && number > 0 && number <= (kind === 'cost' ? 1.5 : 100);
  return (
    <form
      className="target"
      onSubmit={(event) => {
        event.preventDefault();
        if (!valid || !isLoss) return;
        const value = kind === 'cost' ? number : number / 100;
        const target: Target = { kind, value, mostLoss: loss === null ? null : loss / 100 };
        void using(targets, ({ aimFor }) => aimFor(scene, target));
      }}
    >
      <label className="field small">
        Target
        <select value={kind} onChange={(event) => setKind(event.target.value as Target['kind'])}>
          <option value="cost">{unit} at most</option>
          <option value="accuracy">{words?.accuracy ?? 'accuracy'} at least, %</option>
        </select>
      </label>
      <input
        className="target-value"
        inputMode="decimal"
        value={draft[kind]}
        size={5}
        onChange={(event) => setDraft({ ...draft, [kind]: event.target.value })}
        aria-label={
          kind === 'cost'
            ? `Target cost, relative ${unit}`
            : `Target ${words?.accuracy ?? 'accuracy'}, percent`
        }
        aria-invalid={!valid}
      />
      <label
        className="field small"
        title="The most that a class may lose against the plain network on the tuning images, in points; empty for any"
      >
        no class loses over
        <input
          className="target-value"
          inputMode="decimal"
          value={draft.loss}
          size={3}
          placeholder="any"
          onChange={(event) => setDraft({ ...draft, loss: event.target.value })}
          aria-label="The most that a class may lose, points; empty for any"
          aria-invalid={!isLoss}
        />
      </label>
      <button type="submit" className="button small" disabled={!valid || !isLoss || !hasCurve}>
        Set thresholds
      </button>
      <p role="status" className="target-answer">
        {valid && isLoss
          ? answer
          : valid
            ? 'Expected points from 0 to 100, or nothing.'
            : `Expected a number ${kind === 'cost' ? 'between 0 and 1.5' : 'up to 100'}.`}
      </p>
    </form>
  );
}
