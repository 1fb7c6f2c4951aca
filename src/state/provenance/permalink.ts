/** The link that is cited: it leaves nothing to the page that a later one may choose otherwise. */
import { linkOf } from '../address/link.ts';
import { writeLink, type LinkState } from '../address/url.ts';
import { showsExplore } from '../pages.ts';
import { sceneOf } from '../scenes.ts';
import { useView } from '../view.ts';

/** What is on screen, with the thresholds that a search has chosen, and recorded or live as it is. */
export function pinned(): LinkState {
  const { page } = useView.getState();
  const link = linkOf(page);
  const { run, shown } = sceneOf(page);
  const { policy } = shown.getState();
  const { recorded } = run.getState();
  const source = 'recorded' as const;
  return {
    ...link,
    // Nobody's colours are part of what is shown.
    view: { ...link.view, theme: 'system' },
    ...(recorded && showsExplore(page) && { settings: { ...link.settings, source } }),
    ...(recorded && page === 'unsupervised' && { unsupervised: { ...link.unsupervised, source } }),
    thresholds: policy ? policy.thresholds : link.thresholds,
  };
}

/** The whole address. */
export const permalink = (): string =>
  new URL(writeLink(pinned()) || '?', window.location.href).href;
