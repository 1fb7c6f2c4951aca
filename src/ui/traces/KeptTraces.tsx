import { useEffect } from 'react';
import { notify, sentenceOf } from '../../state/notices.ts';
import { readList, throwAway, useKept, type KeptEntry } from '../../state/traces/kept.ts';
import { showKept } from '../../state/traces/open.ts';
import { bytes } from '../shared/format.ts';

const told = (work: Promise<void>): void =>
  void work.catch((error: unknown) => notify('error', sentenceOf(error)));

/** Traces that were opened before and stay in this browser. */
export function KeptTraces() {
  const entries = useKept((state) => state.entries);
  const room = useKept((state) => state.room);
  useEffect(() => {
    // Where there is no IndexedDB there is no list.
    readList().catch(() => useKept.setState({ entries: [] }));
  }, []);
  if (!entries || entries.length === 0) return null;
  return (
    <section aria-label="Traces opened before" className="kept-traces">
      <h3>Opened before</h3>
      <ul>
        {entries.map((entry) => (
          <Kept key={entry.id} entry={entry} />
        ))}
      </ul>
      <p className="panel-help">
        They stay in this browser until they are thrown away.
        {room && ` Of ${bytes(room.quota)} that it grants this page, ${bytes(room.used)} are used.`}
      </p>
    </section>
  );
}

function Kept({ entry: { id, title, files, bytes: size } }: { readonly entry: KeptEntry }) {
  return (
    <li>
      <span>
        <b>{title}</b> {files.join(', ')}; {bytes(size)}
      </span>
      <button type="button" className="button small" onClick={() => told(showKept(id))}>
        Open<span className="visually-hidden"> {title}</span>
      </button>
      <button type="button" className="button small quiet" onClick={() => told(throwAway(id))}>
        Throw away<span className="visually-hidden"> {title}</span>
      </button>
    </li>
  );
}
