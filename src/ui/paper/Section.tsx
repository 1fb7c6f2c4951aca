import type { ReactNode } from 'react';
import { useWhy } from '../shared/useWhy.tsx';
import type { WhyId } from '../why/ids.ts';

interface SectionProps {
  /** Address of the section on the page. */
  readonly id: string;
  readonly title: string;
  /** What its numbers are of: split, images, conditions. */
  readonly note?: ReactNode;
  readonly tools?: ReactNode;
  /** What can be asked about it. */
  readonly why: WhyId;
  readonly children: ReactNode;
}

/** One figure or table of the paper. */
export function Section({ id, title, note, tools, why, children }: SectionProps) {
  const asked = useWhy(why, title);
  return (
    <section className="paper-section" id={id} aria-labelledby={`${id}-title`}>
      <header className="paper-section-head">
        <div className="paper-section-title">
          <h2 id={`${id}-title`}>{title}</h2>
          {asked.button}
        </div>
        {tools && <div className="paper-tools">{tools}</div>}
        {note && <p className="paper-note">{note}</p>}
      </header>
      {asked.words}
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
