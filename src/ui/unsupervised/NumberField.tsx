import { useId, useState } from 'react';
import { chooseClusters, useClusters } from '../../state/unsupervised/choices.ts';
import { readField, type NumberField as Field } from '../../state/unsupervised/fields.ts';

/** One number of a setting. It counts at Enter or on leaving the field; what is none is said, and the old one stays. */
export function NumberField({ field }: { readonly field: Field }) {
  const { name, label, help, most, none } = field;
  const value = useClusters((choices) => choices[name]);
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const take = (text: string): void => {
    setDraft(null);
    const read = readField(field, text);
    setProblem(typeof read === 'string' ? read : null);
    if (typeof read === 'number' && read !== value) chooseClusters({ [name]: read });
  };
  const shown = value === 0 && none !== null ? '' : `${value}`;
  return (
    <div className="cluster-field">
      <label htmlFor={id} title={help}>
        {label}
      </label>
      <input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        maxLength={`${most}`.length + 4}
        placeholder={none ?? ''}
        value={draft ?? shown}
        aria-describedby={`${id}-help`}
        aria-invalid={problem !== null}
        onChange={(event) => {
          setDraft(event.target.value);
          setProblem(null);
        }}
        onBlur={() => draft !== null && take(draft)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && draft !== null) take(draft);
          if (event.key !== 'Escape' || draft === null) return;
          // The first Escape gives the old number back, the next one closes the panel.
          event.stopPropagation();
          setDraft(null);
        }}
      />
      {problem ? (
        <p id={`${id}-help`} className="wrong-text" role="alert">
          {problem} It stays at {shown === '' ? none : shown}.
        </p>
      ) : (
        <p id={`${id}-help`} className="visually-hidden">
          {help}
        </p>
      )}
    </div>
  );
}
