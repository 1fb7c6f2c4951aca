import { useState } from 'react';
import { embedAddress, frameCode, hasPanels } from '../../state/provenance/embed.ts';
import { panelNames, useView, type PanelName } from '../../state/view.ts';
import { viewOf } from '../pages.ts';
import { ShareDialog, TextToCopy } from './ShareDialog.tsx';

const WORDS: Readonly<Record<PanelName, string>> = {
  curve: 'Accuracy and cost',
  rail: 'The exits and their thresholds',
  map: 'Where each image leaves',
  image: 'One image',
};

/** The code that shows what is on screen inside of another page. */
export function EmbedDialog({ onClose }: { readonly onClose: () => void }) {
  const page = useView((view) => view.page);
  const { name, title } = viewOf(page);
  const [panel, setPanel] = useState<PanelName | null>(hasPanels(page) ? 'curve' : null);
  const address = embedAddress(panel);
  return (
    <ShareDialog title="Embed" onClose={onClose}>
      <p className="panel-help">
        An <code>&lt;iframe&gt;</code> for another page: it works there as it does here, says what
        its numbers are of, and leads back. Its height follows what it shows.
      </p>
      {hasPanels(page) && (
        <label className="field">
          Shown is{' '}
          <select
            value={panel ?? ''}
            onChange={({ target }) =>
              setPanel(panelNames.find((one) => one === target.value) ?? null)
            }
          >
            {panelNames.map((one) => (
              <option key={one} value={one}>
                {WORDS[one]}
              </option>
            ))}
            <option value="">{name}, the whole page</option>
          </select>
        </label>
      )}
      <TextToCopy
        title="Code for the page"
        text={frameCode(address, panel ? WORDS[panel] : title)}
      />
      <p>
        <a href={address} target="_blank" rel="noopener">
          See it alone
        </a>
      </p>
    </ShareDialog>
  );
}
