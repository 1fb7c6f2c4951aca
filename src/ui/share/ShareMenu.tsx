import { useState } from 'react';
import { shareableLink } from '../../state/address/link.ts';
import { notify } from '../../state/notices.ts';
import type { PageParts } from '../page.ts';
import { useRun } from '../shared/scene.ts';
import { CiteDialog } from './CiteDialog.tsx';
import { CopyButton } from './CopyButton.tsx';
import { EmbedDialog } from './EmbedDialog.tsx';

/** What can be passed on of what is on screen. */
export function ShareMenu({ parts }: { readonly parts: PageParts | null }) {
  const [dialog, setDialog] = useState<'cite' | 'embed' | null>(null);
  const isFromFile = useRun(({ opened }) => opened !== null && opened.addresses === null);
  const close = (): void => setDialog(null);
  return (
    <>
      <CopyButton
        className="quiet"
        text={shareableLink}
        done="Link copied"
        onCopied={() => {
          if (isFromFile)
            notify(
              'note',
              'The link does not hold the opened trace, which was a file. Put its two files on a server and open them by ' +
                'address, ?trace=https://…/NAME.trace.json: such a link brings the trace along.',
            );
        }}
        onRefused={(link) =>
          notify('note', `The browser did not let the link be copied. Here it is: ${link}`)
        }
      >
        Copy the link
      </CopyButton>
      <button type="button" className="button quiet" onClick={() => setDialog('cite')}>
        Cite this view
      </button>
      <button type="button" className="button quiet" onClick={() => setDialog('embed')}>
        Embed
      </button>
      {dialog === 'cite' && <CiteDialog parts={parts} onClose={close} />}
      {dialog === 'embed' && <EmbedDialog onClose={close} />}
    </>
  );
}
