/** What follows when a page is shown: it runs what is chosen there, or has what it had. */
import { enterExplore } from './explore/run.ts';
import type { Page } from './pages.ts';
import { askAgain } from './scenes.ts';
import { openLinkedNetwork } from './network/linked.ts';
import { openLinked } from './traces/given.ts';
import { enterClusters, leaveClusters } from './unsupervised/run.ts';
import { useView } from './view.ts';

function enter(page: Page): void {
  if (page === 'explore') {
    // A clustering goes on bit for bit where it was, so it makes room; a run that is left cannot, and goes on.
    leaveClusters();
    if (!openLinked() && !openLinkedNetwork()) enterExplore();
  }
  if (page === 'unsupervised') enterClusters();
  askAgain(page);
}

/** Enters the page of now and every page that is opened from now on; to be called once. */
export function followPages(): void {
  enter(useView.getState().page);
  useView.subscribe(({ page }, before) => {
    if (page !== before.page) enter(page);
  });
}
