import { useRef, useState } from 'react';
import { later } from '../shared/later.tsx';

/** Comes when somebody asks for it. */
const FirstMinute = later<{ readonly onLeave: () => void }>(
  0,
  () => import('./FirstMinute.tsx').then((module) => module.FirstMinute),
  'The first minute',
);

/** Opens the five steps, and brings them back. */
export function MinuteButton() {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const leave = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <button
        type="button"
        ref={button}
        className="button quiet"
        aria-expanded={open}
        aria-label="A first minute"
        title="A first minute: what this page means, in five steps"
        onClick={() => setOpen(!open)}
      >
        ?
      </button>
      {open && <FirstMinute onLeave={leave} />}
    </>
  );
}
