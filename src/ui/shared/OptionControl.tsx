import type { Option, OptionValue } from '../../core/options/option.ts';

interface OptionControlProps {
  readonly option: Option;
  readonly value: OptionValue;
  readonly onChange: (value: OptionValue) => void;
  /** In place of the option's own, where it says more. */
  readonly title?: string;
  /** What an empty field stands for, in place of the option's own. */
  readonly empty?: string;
  readonly className?: string;
  readonly disabled?: boolean;
}

/** The control of an option with its name beside it: what there is to choose, and its limits, follow from the option. */
export function OptionControl(props: OptionControlProps) {
  const { option, title = option.title, className = 'field' } = props;
  return (
    <label className={className} title={option.help}>
      {/* A check box stands before its words, as everywhere. */}
      {option.control.kind === 'yes-no' && <Input {...props} />}
      <span>{title}</span>
      {option.control.kind !== 'yes-no' && <Input {...props} />}
    </label>
  );
}

function Input({ option, value, onChange, empty, disabled = false }: OptionControlProps) {
  const { control } = option;
  switch (control.kind) {
    case 'choice':
      return (
        <select
          value={option.write(value)}
          disabled={disabled}
          onChange={({ target }) => onChange(option.offered.read(target.value) ?? option.usual)}
        >
          {control.choices.map((choice) => (
            <option key={option.write(choice.value)} value={option.write(choice.value)}>
              {choice.words}
            </option>
          ))}
        </select>
      );
    case 'number': {
      const { least, most, step, none } = control;
      return (
        <input
          type="number"
          min={none === null ? least : 0}
          max={most}
          step={step ?? 'any'}
          placeholder={empty ?? none ?? `${option.usual}`}
          value={none !== null && value === 0 ? '' : Number(value)}
          disabled={disabled}
          onChange={({ target }) =>
            onChange(step === 1 ? Math.trunc(Number(target.value)) : Number(target.value))
          }
        />
      );
    }
    case 'yes-no':
      return (
        <input
          type="checkbox"
          checked={value === true}
          disabled={disabled}
          onChange={({ target }) => onChange(target.checked)}
        />
      );
  }
}
