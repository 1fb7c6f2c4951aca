import { useEffect } from 'react';
import { readKept, takeKept, throwAway, useKeptImages } from '../../state/images/kept.ts';
import { openOwnFiles } from '../../state/images/open.ts';
import { notify, sentenceOf } from '../../state/notices.ts';
import { bytes, count } from '../shared/format.ts';

const told = (work: Promise<void>): void =>
  void work.catch((error: unknown) => notify('error', sentenceOf(error)));

/** Pictures that were opened before and stay in this browser. */
export function KeptImages() {
  const entries = useKeptImages((state) => state.entries);
  const room = useKeptImages((state) => state.room);
  useEffect(() => {
    // Where there is no IndexedDB there is no list.
    readKept().catch(() => useKeptImages.setState({ entries: [] }));
  }, []);
  if (!entries || entries.length === 0) return null;
  return (
    <section aria-label="Pictures opened before" className="kept-traces">
      <h3>Pictures opened before</h3>
      <ul>
        {entries.map((entry) => (
          <li key={entry.id}>
            <span>
              <b>{entry.title}</b> {count(entry.pictures.count)} pictures of{' '}
              {count(entry.pictures.classes.length)} classes; {bytes(entry.bytes)}
            </span>
            <button
              type="button"
              className="button small"
              onClick={() => told(takeKept(entry).then(openOwnFiles))}
            >
              Open<span className="visually-hidden"> {entry.title}</span>
            </button>
            <button
              type="button"
              className="button small quiet"
              onClick={() => told(throwAway(entry.id))}
            >
              Throw away<span className="visually-hidden"> {entry.title}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="panel-help">
        They stay in this browser until they are thrown away.
        {room && ` Of ${bytes(room.quota)} that it grants this page, ${bytes(room.used)} are used.`}
      </p>
    </section>
  );
}
