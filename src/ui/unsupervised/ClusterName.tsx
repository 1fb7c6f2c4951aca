import { useEffect, useRef, useState } from 'react';
import { LONGEST_NAME, nameCluster } from '../../state/unsupervised/names.ts';

interface ClusterNameProps {
  readonly dataset: string;
  /** As the trace has it, and as a person calls it. */
  readonly cluster: string;
  readonly name: string;
}

/** A cluster's name: a button that becomes a field. Enter keeps what is written, Escape what was, nothing the first name. */
export function ClusterName({ dataset, cluster, name }: ClusterNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  /** Whether the button is to have the focus back: after a key, not after a click elsewhere. */
  const returns = useRef(false);
  useEffect(() => {
    if (draft === null && returns.current) button.current!.focus();
    returns.current = false;
  }, [draft]);
  if (draft === null)
    return (
      <button
        ref={button}
        type="button"
        className="cluster-name"
        title={
          name === cluster
            ? 'Give this cluster a name'
            : `Named on this machine; in the run: ${cluster}`
        }
        onClick={() => setDraft(name)}
      >
        {name}
        <span aria-hidden="true"> ✎</span>
        <span className="visually-hidden">, rename this cluster</span>
      </button>
    );
  const keep = (): void => {
    nameCluster(dataset, cluster, draft);
    setDraft(null);
  };
  return (
    <input
      autoFocus
      className="cluster-name-field"
      aria-label={`Name of ${cluster}`}
      maxLength={LONGEST_NAME}
      value={draft}
      placeholder={cluster}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        // The button has the focus before the key is up: it must not take the same key for its own.
        event.preventDefault();
        returns.current = true;
        if (event.key === 'Enter') keep();
        else setDraft(null);
      }}
    />
  );
}
