import type { ReactNode } from 'react';
import type { WhyId } from '../why/ids.ts';
import { FigureButtons, type FigureFiles } from './FigureButtons.tsx';
import { useWhy } from './useWhy.tsx';

interface PanelProps {
  readonly title: string;
  /** What the panel's numbers are of: split, image count, conditions. */
  readonly note?: ReactNode;
  /** One sentence of help. */
  readonly help?: string;
  /** What can be asked about it. */
  readonly why?: WhyId;
  /** Its figure to take away. */
  readonly files?: FigureFiles;
  readonly className?: string;
  readonly children: ReactNode;
}

const panelId = (title: string): string =>
  `panel-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;

/** Takes the keyboard to a panel, and the panel on screen. */
export const focusPanel = (title: string): void => document.getElementById(panelId(title))?.focus();

/** The frame of a table or a figure, a titled region; the title also names it for screen readers. */
export function Panel({ title, note, help, why, files, className = '', children }: PanelProps) {
  const id = panelId(title);
  const asked = useWhy(why, title);
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id} title={help} tabIndex={-1}>
          {title}
        </h2>
        {asked.button}
        {note !== undefined && <div className="panel-note">{note}</div>}
        {files && <FigureButtons {...files} />}
      </header>
      {asked.words}
      {help && <p className="panel-help">{help}</p>}
      {children}
    </section>
  );
}
