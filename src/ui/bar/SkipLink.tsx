import type { MouseEvent } from 'react';
import './SkipLink.css';

/** Id of the page below the bar. */
export const CONTENT = 'content';

/** The first stop of the keyboard: past the bar. It leaves the address as it is, which is the state's. */
export function SkipLink() {
  const skip = (event: MouseEvent): void => {
    event.preventDefault();
    document.getElementById(CONTENT)?.focus();
  };
  return (
    <a className="skip-link" href={`#${CONTENT}`} onClick={skip}>
      Skip to the page
    </a>
  );
}
