import { useState, type ComponentType } from 'react';

interface OnDemandProps {
  readonly title: string;
  readonly className: string;
  /** Fetched when it is first drawn. */
  readonly Body: ComponentType;
}

const idOf = (title: string): string => `more-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;

/** Opens what is drawn on demand, and takes the keyboard and the screen to it. */
export function openOnDemand(title: string): void {
  const details = document.getElementById(idOf(title));
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  details.querySelector('summary')?.focus({ preventScroll: true });
  details.scrollIntoView({ block: 'start' });
}

/** What few visitors need: drawn once it is opened. */
export function OnDemand({ title, className, Body }: OnDemandProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      id={idOf(title)}
      className={className}
      onToggle={({ currentTarget: { open } }) => setOpen(open)}
    >
      <summary>{title}</summary>
      {isOpen && <Body />}
    </details>
  );
}
