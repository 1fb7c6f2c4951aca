import { useId, useState, type SubmitEvent } from 'react';
import { exitsIn } from '../../network/exit-names.ts';
import type { NetworkFiles } from '../../network/files.ts';
import { sentenceOf } from '../../state/notices.ts';
import { useOwn } from '../../state/network/own.ts';
import './exits.css';

/** Which exits a network of a person's own has, and what they are called. */
export function OwnExits({ id }: { readonly id: string }) {
  const files = useOwn((own) => own.networks.get(id)?.files);
  const heading = useId();
  if (!files) return null;
  return (
    <details className="own-exits">
      <summary id={heading}>Exits of {files.card.title}</summary>
      <ExitsForm key={files.card.id} id={id} files={files} heading={heading} />
    </details>
  );
}

interface FormProps {
  readonly id: string;
  readonly files: NetworkFiles;
  /** Id of what names the form. */
  readonly heading: string;
}

function ExitsForm({ id, files, heading }: FormProps) {
  const [fault, setFault] = useState<string | null>(null);
  const [found] = useState(() => exitsIn(files));
  const { exits } = files.card;
  const choose = async (all: boolean, form: HTMLFormElement): Promise<void> => {
    const data = new FormData(form);
    const kept = found.slice(0, -1).flatMap(({ name, isFixed }, s) => {
      const called = data.get(`name${s}`);
      const isKept = isFixed || data.get(`keep${s}`) === 'on';
      return isKept
        ? [{ at: name, name: (typeof called === 'string' && called.trim()) || name }]
        : [];
    });
    try {
      const { chooseExits } = await import('../../state/network/open.ts');
      await chooseExits(id, all ? null : kept);
      setFault(null);
    } catch (error) {
      setFault(sentenceOf(error));
    }
  };
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void choose(false, event.currentTarget);
  };
  return (
    <form aria-labelledby={heading} onSubmit={submit}>
      <p className="panel-help">
        Dropped exits are not computed; the costs of their layers are the next one’s. The last is
        the network itself.
      </p>
      <ul>
        {found.map(({ name, isFixed }, s) => {
          const kept = exits?.find(({ at }) => at === name);
          const isLast = s === found.length - 1;
          return (
            <li key={name}>
              <input
                type="checkbox"
                name={`keep${s}`}
                aria-label={`Keep ${name}`}
                defaultChecked={isFixed || exits === null || kept !== undefined}
                disabled={isFixed}
              />
              {isLast ? (
                <span>{name}</span>
              ) : (
                <input
                  name={`name${s}`}
                  aria-label={`Name of ${name}`}
                  defaultValue={kept?.name ?? name}
                  maxLength={60}
                  spellCheck={false}
                />
              )}
            </li>
          );
        })}
      </ul>
      {fault !== null && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <button type="submit" className="button small">
        Use these exits
      </button>{' '}
      <button
        type="button"
        className="button small"
        onClick={(event) => void choose(true, event.currentTarget.form!)}
      >
        All that were found
      </button>
    </form>
  );
}
