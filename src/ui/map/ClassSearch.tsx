import { useId, useState } from 'react';
import type { ClassChoiceProps } from './ClassChoice.tsx';

/** One class of many, found by what is typed; nothing typed is all. */
export function ClassSearch({ title, names, chosen, onChoose }: ClassChoiceProps) {
  const list = useId();
  const nameOf = (k: number | null): string => (k === null ? '' : (names[k] ?? ''));
  const [typed, setTyped] = useState(nameOf(chosen));
  const [seen, setSeen] = useState(chosen);
  const called = (text: string): number | null => {
    const at = names.findIndex((name) => name.toLowerCase() === text.trim().toLowerCase());
    return at < 0 ? null : at;
  };
  if (seen !== chosen) {
    // A link or another panel has chosen.
    setSeen(chosen);
    if (called(typed) !== chosen) setTyped(nameOf(chosen));
  }
  const wanted = typed.trim().toLowerCase();
  const isUnknown = !names.some((name) => name.toLowerCase().includes(wanted));
  return (
    <label className="field small">
      {title}
      <input
        type="search"
        list={list}
        value={typed}
        placeholder={`all ${names.length}, or type`}
        aria-invalid={isUnknown}
        title={isUnknown ? `No class is called “${typed}”.` : undefined}
        onChange={({ target: { value } }) => {
          setTyped(value);
          const k = called(value);
          if (k !== null || value.trim() === '') onChoose(k);
        }}
        // What names no class is no choice: the field says again what is shown.
        onBlur={() => setTyped(nameOf(chosen))}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
}
