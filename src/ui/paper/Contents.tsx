import { useEffect } from 'react';

interface Entry {
  readonly id: string;
  readonly title: string;
  /** What of the paper's is filled with ours, where that can be counted. */
  readonly filled?: number;
  readonly total?: number;
  readonly unit?: string;
}

/** The sections of the page, with how much of each is filled. */
export function Contents({ entries }: { readonly entries: readonly Entry[] }) {
  useEffect(() => {
    // The sections were not there yet when the browser looked for the one that the address names.
    const named = document.getElementById(window.location.hash.slice(1));
    named?.scrollIntoView();
  }, []);
  return (
    <nav className="paper-contents" aria-label="Sections of this page">
      {entries.map(({ id, title, filled, total, unit }) => (
        <a key={id} href={`#${id}`}>
          {title}
          {total !== undefined && (
            <small>
              {filled} of {total} {unit}
            </small>
          )}
        </a>
      ))}
    </nav>
  );
}
