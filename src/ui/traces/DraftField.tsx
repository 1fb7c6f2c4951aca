import type { ReactNode } from 'react';
import type { Fault } from '../../data/traces/draft.ts';

export interface Asking {
  /** Name of the field, as faults name it. */
  readonly name: string;
  readonly faults: readonly Fault[];
}

/** A field with its title, a word of help, and what is wrong with its answer. */
export function DraftField({
  name,
  faults,
  title,
  help,
  children,
}: Asking & {
  readonly title: string;
  readonly help?: string;
  readonly children: (attributes: FieldAttributes) => ReactNode;
}) {
  const sentence = faults.find(({ field }) => field === name)?.sentence;
  const id = `draft-${name.replaceAll('.', '-')}`;
  const described = [help && `${id}-help`, sentence && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div className="draft-field">
      <label htmlFor={id}>{title}</label>
      {children({
        id,
        name,
        'aria-invalid': sentence !== undefined,
        ...(described && { 'aria-describedby': described }),
      })}
      {help && (
        <span id={`${id}-help`} className="panel-help">
          {help}
        </span>
      )}
      {sentence && (
        <span id={`${id}-fault`} className="fault">
          {sentence}
        </span>
      )}
    </div>
  );
}

export interface FieldAttributes {
  readonly id: string;
  readonly name: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby'?: string;
}

/** A choice of which the first may be none. */
export function DraftSelect<Value extends string>({
  value,
  choices,
  onChange,
  attributes,
}: {
  readonly value: Value | '';
  readonly choices: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
  readonly attributes: FieldAttributes;
}) {
  return (
    <select
      {...attributes}
      value={value}
      onChange={(event) => {
        const found = choices.find(([one]) => one === event.target.value);
        if (found) onChange(found[0]);
      }}
    >
      {value === '' && <option value="">choose …</option>}
      {choices.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  );
}
