import { useState } from 'react';
import { shareableLink } from '../../state/address/link.ts';
import { notify } from '../../state/notices.ts';

/** Copies a link that brings back what is on screen. */
export function ShareButton() {
  const [copied, setCopied] = useState(false);
  const share = async (): Promise<void> => {
    const link = shareableLink();
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      notify('note', `The browser did not let the link be copied. Here it is: ${link}`);
    }
  };
  return (
    <button type="button" className="button" onClick={() => void share()}>
      <span aria-live="polite">{copied ? 'Link copied' : 'Share'}</span>
    </button>
  );
}
