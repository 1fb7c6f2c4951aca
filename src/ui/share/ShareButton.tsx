import type { PageParts } from '../page.ts';
import { later } from '../shared/later.tsx';
import { Popover } from '../shared/Popover.tsx';

const ShareMenu = later<{ readonly parts: PageParts | null }>(
  120,
  () => import('./ShareMenu.tsx').then((module) => module.ShareMenu),
  'What can be shared',
);

/** A link to what is on screen, how it is cited. */
export const ShareButton = ({ parts }: { readonly parts: PageParts | null }) => (
  <Popover label="Share" title="Share" className="export-menu">
    <ShareMenu parts={parts} />
  </Popover>
);
