import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import './Popover.css';

interface PopoverProps {
  readonly label: ReactNode;
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button that opens a small panel under it; Escape and a click elsewhere close it. */
export function Popover({ label, title, className = '', children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const onPointerDown = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', onPointerDown);
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('pointerdown', onPointerDown);
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [open]);
  return (
    <div className={`popover-box ${className}`} ref={box}>
      <button
        type="button"
        ref={button}
        className="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open && (
        <div className="popover" id={id} role="group" aria-label={title}>
          {children}
        </div>
      )}
    </div>
  );
}
