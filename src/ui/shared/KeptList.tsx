import type { ReactNode } from 'react';
import { notify, sentenceOf } from '../../state/notices.ts';
import type { Room } from '../../state/shelf.ts';
import { bytes } from './format.ts';

interface KeptListProps<Entry> {
  /** "Traces opened before", for who does not see the list. */
  readonly label: string;
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly room: Room;
  /** What is said of an entry behind its title. */
  readonly about: (entry: Entry) => ReactNode;
  readonly onOpen: (entry: Entry) => Promise<void>;
  readonly onThrowAway: (id: string) => Promise<void>;
}

const told = (work: Promise<void>): void =>
  void work.catch((error: unknown) => notify('error', sentenceOf(error)));

/** What was opened before and stays in this browser; nothing where that is nothing. */
export function KeptList<Entry extends { readonly id: string; readonly title: string }>({
  label,
  title,
  entries,
  room,
  about,
  onOpen,
  onThrowAway,
}: KeptListProps<Entry>) {
  if (entries.length === 0) return null;
  return (
    <section aria-label={label} className="kept-traces">
      <h3>{title}</h3>
      <ul>
        {entries.map((entry) => (
          <li key={entry.id}>
            <span>
              <b>{entry.title}</b> {about(entry)}
            </span>
            <button type="button" className="button small" onClick={() => told(onOpen(entry))}>
              Open<span className="visually-hidden"> {entry.title}</span>
            </button>
            <button
              type="button"
              className="button small quiet"
              onClick={() => told(onThrowAway(entry.id))}
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
