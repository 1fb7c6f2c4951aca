import type { ReactNode } from 'react';

interface PanelProps {
  readonly title: string;
  /** What the panel's numbers are of: split, image count, conditions. */
  readonly note?: ReactNode;
  /** One sentence of help. */
  readonly help?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled region; the title also names it for screen readers. */
export function Panel({ title, note, help, className = '', children }: PanelProps) {
  const id = `panel-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id} title={help}>
          {title}
        </h2>
        {note !== undefined && <div className="panel-note">{note}</div>}
      </header>
      {help && <p className="panel-help">{help}</p>}
      {children}
    </section>
  );
}
