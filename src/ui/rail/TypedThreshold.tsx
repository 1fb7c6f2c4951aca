import { useState } from 'react';
import { closedThreshold, openThreshold, type Rule } from '../../core/policy.ts';
import { notify } from '../../state/notices.ts';

/** A threshold as a person wrote it; null where it is none. */
export function readThreshold(text: string, rule: Rule): number | null {
  const word = text.trim().toLowerCase().replace(',', '.').replace('−', '-');
  if (word === 'open') return openThreshold(rule);
  if (word === 'closed') return closedThreshold(rule);
  const value = Number(word);
  return word !== '' && Number.isFinite(value) ? value : null;
}

/** Words that become a field when they are pressed: a value of T is typed, and set by Enter or by leaving the field. */
export function TypedThreshold({
  words,
  label,
  title,
  rule,
  onSet,
}: {
  readonly words: string;
  readonly label: string;
  readonly title?: string;
  readonly rule: Rule;
  readonly onSet: (threshold: number) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null)
    return (
      <button
        type="button"
        className="link threshold-t"
        title={title}
        aria-label={label}
        onClick={() => setDraft('')}
      >
        {words}
      </button>
    );
  const commit = (): void => {
    setDraft(null);
    if (draft.trim() === '') return;
    const value = readThreshold(draft, rule);
    if (value !== null) onSet(value);
    else
      notify(
        'note',
        `A threshold is a number, “open” or “closed”; “${draft.slice(0, 20)}” came. Nothing was changed.`,
      );
  };
  return (
    <label className="share-field">
      T
      <input
        autoFocus
        className="typed-t"
        aria-label={label}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </label>
  );
}
