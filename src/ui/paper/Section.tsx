import type { ReactNode } from 'react';

interface SectionProps {
  /** Address of the section on the page. */
  readonly id: string;
  readonly title: string;
  /** What its numbers are of: split, images, conditions. */
  readonly note?: ReactNode;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** One figure or table of the paper. */
export function Section({ id, title, note, tools, children }: SectionProps) {
  return (
    <section className="paper-section" id={id} aria-labelledby={`${id}-title`}>
      <header className="paper-section-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {tools && <div className="paper-tools">{tools}</div>}
        {note && <p className="paper-note">{note}</p>}
      </header>
      {children}
    </section>
  );
}

interface ScrollerProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** What may be wider than the page scrolls in a box of its own, by keyboard too. */
export function Scroller({ label, children }: ScrollerProps) {
  return (
    <div className="paper-scroll" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
