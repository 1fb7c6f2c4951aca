import { useState, type ComponentType } from 'react';

interface OnDemandProps {
  readonly title: string;
  readonly className: string;
  /** Fetched when it is first drawn. */
  readonly Body: ComponentType;
}

/** What few visitors need: drawn once it is opened. */
export function OnDemand({ title, className, Body }: OnDemandProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={className} onToggle={({ currentTarget: { open } }) => setOpen(open)}>
      <summary>{title}</summary>
      {isOpen && <Body />}
    </details>
  );
}
