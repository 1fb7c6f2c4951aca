import { useState } from 'react';
import { notify } from '../../state/notices.ts';
import { epochs as option } from '../../methods/parts/options/training.ts';
import { budgets, readBudget } from '../../state/settings.ts';

interface EpochsFieldProps {
  readonly epochs: number;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly onChoose: (epochs: number) => void;
}

/** A training budget as a number. It counts at Enter or on leaving the field; what is none is said, and the old one stays. */
export function EpochsField({ epochs, label, disabled = false, onChoose }: EpochsFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const { control } = option;
  const take = (text: string): void => {
    setDraft(null);
    const budget = readBudget(text);
    if (typeof budget === 'string') notify('note', `${budget} It stays at ${epochs}.`);
    else if (budget !== epochs) onChoose(budget);
  };
  return (
    <>
      <input
        type="number"
        aria-label={label}
        min={control.least}
        max={control.most}
        step={1}
        list="budgets"
        value={draft ?? epochs}
        disabled={disabled}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => draft !== null && take(draft)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && draft !== null) take(draft);
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      <datalist id="budgets">
        {budgets.map((budget) => (
          <option key={budget} value={budget} />
        ))}
      </datalist>
    </>
  );
}
