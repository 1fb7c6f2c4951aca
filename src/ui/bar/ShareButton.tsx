import { useState } from 'react';
import { shareableLink } from '../../state/address/link.ts';
import { notify } from '../../state/notices.ts';
import { useRun } from '../shared/scene.ts';

/** Copies a link that brings back what is on screen. */
export function ShareButton() {
  const isFromFile = useRun(({ opened }) => opened !== null && opened.addresses === null);
  const [copied, setCopied] = useState(false);
  const share = async (): Promise<void> => {
    const link = shareableLink();
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
      if (isFromFile)
        notify(
          'note',
          'The link does not hold the opened trace, which was a file. Put its two files on a server and open them by ' +
            'address, ?trace=https://…/NAME.trace.json: such a link brings the trace along.',
        );
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
