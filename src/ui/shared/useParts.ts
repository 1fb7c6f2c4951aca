import { useEffect, useState } from 'react';
import type { Page } from '../../state/pages.ts';
import type { PageParts, PageView } from '../page.ts';
import { askedAgain, withSheets } from './sheets.ts';

type Fetched = Readonly<Partial<Record<Page, PageParts | 'failed' | 'waiting' | 'asked again'>>>;

interface Parts {
  /** Null until they are there. */
  readonly parts: PageParts | null;
  /** The server did not answer. */
  readonly failed: boolean;
  /** Asks again. */
  readonly retry: () => void;
}

/** What a page draws, fetched when the page is opened for the first time. */
export function useParts({ id, parts }: PageView): Parts {
  const [fetched, setFetched] = useState<Fetched>({});
  const known = typeof parts === 'function' ? (fetched[id] ?? 'waiting') : parts;
  useEffect(() => {
    if (known === 'failed' || typeof known !== 'string' || typeof parts !== 'function') return;
    const load = known === 'waiting' ? withSheets : askedAgain;
    let isWanted = true;
    const settle = (answer: PageParts | 'failed'): void => {
      if (isWanted) setFetched((before) => ({ ...before, [id]: answer }));
    };
    load(parts).then(settle, () => settle('failed'));
    return () => {
      isWanted = false;
    };
  }, [id, parts, known]);
  // What could not be had is asked for again when the page is opened again.
  useEffect(
    () => () =>
      setFetched((before) => (before[id] === 'failed' ? { ...before, [id]: 'waiting' } : before)),
    [id],
  );
  return {
    parts: typeof known === 'string' ? null : known,
    failed: known === 'failed',
    retry: () => setFetched((before) => ({ ...before, [id]: 'asked again' })),
  };
}
