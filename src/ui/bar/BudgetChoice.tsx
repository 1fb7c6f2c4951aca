import { useState } from 'react';
import { chooseAndRun } from '../../state/session.ts';
import { budgets, MAX_EPOCHS } from '../../state/settings.ts';

/** How many epochs a method may train: the paper's budgets, or any number. */
export function BudgetChoice({ epochs }: { readonly epochs: number }) {
  const [draft, setDraft] = useState(`${epochs}`);
  const take = (): void => {
    const value = Number(draft);
    if (value === epochs) return;
    if (Number.isInteger(value) && value >= 1 && value <= MAX_EPOCHS)
      chooseAndRun({ epochs: value, source: 'auto' });
    else setDraft(`${epochs}`);
  };
  return (
    <label className="choice budget">
      <span>Epochs</span>
      <input
        type="number"
        min={1}
        max={MAX_EPOCHS}
        step={1}
        list="budgets"
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
      <datalist id="budgets">
        {budgets.map((budget) => (
          <option key={budget} value={budget} />
        ))}
      </datalist>
    </label>
  );
}
