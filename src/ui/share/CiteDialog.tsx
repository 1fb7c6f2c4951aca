import { useState } from 'react';
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { commit } from '../../state/commit.ts';
import { bibtexOfView, bibtexOfWork } from '../../state/provenance/bibtex.ts';
import { inLines, pageFacts, today, viewedScene } from '../../state/provenance/facts.ts';
import { permalink } from '../../state/provenance/permalink.ts';
import { worksOf } from '../../state/provenance/works.ts';
import type { PageParts } from '../page.ts';
import { useScene } from '../shared/scene.ts';
import { ShareDialog, TextToCopy } from './ShareDialog.tsx';

interface CiteDialogProps {
  readonly parts: PageParts | null;
  readonly onClose: () => void;
}

/** How the view on screen is cited: what its numbers are of, its entry, and those of whom it is due to. */
export function CiteDialog({ parts, onClose }: CiteDialogProps) {
  const scene = useScene();
  // As it was when it was asked for: what goes on behind the dialog is another view.
  const [{ facts, methods, datasets, address, page }] = useState(() => ({
    ...(parts?.viewed ?? viewedScene)(scene),
    ...{ address: permalink(), page: pageFacts() },
  }));
  const works = worksOf(methods);
  const images = datasets.flatMap((id) =>
    isDatasetId(id) && catalogue[id].citation ? [catalogue[id].citation] : [],
  );
  return (
    <ShareDialog title="Cite this view" onClose={onClose}>
      <p className="panel-help">
        The link holds the thresholds on screen and whether the run was recorded, so that it brings
        back this view. The numbers are of:
      </p>
      <dl className="share-facts">
        {[...facts, ...page].map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <TextToCopy
        title="BibTeX of this view"
        text={bibtexOfView(
          address,
          commit,
          // The link has them.
          facts.filter(({ name }) => name !== 'thresholds'),
          today(),
        )}
      />
      {works.length > 0 && (
        <TextToCopy
          title={works.length > 1 ? 'BibTeX of the papers' : 'BibTeX of the paper'}
          text={works.map(bibtexOfWork).join('\n\n')}
        />
      )}
      {images.length > 0 && <TextToCopy title="The images" text={images.join('\n')} />}
      <TextToCopy title="All of the above as text" text={inLines([...facts, ...page])} isFolded />
    </ShareDialog>
  );
}
