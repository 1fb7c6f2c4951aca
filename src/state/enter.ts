/** What follows when a page is shown: it runs what is chosen there, or has what it had. */
import { enterExplore } from './explore/run.ts';
import { showsExplore, type Page } from './pages.ts';
import { openLinkedNetwork } from './network/linked.ts';
import { isBusy } from './scene/run.ts';
import { askAgain, scenes } from './scenes.ts';
import { openLinked } from './traces/given.ts';
import { useView } from './view.ts';

/** Shows what is chosen on a page. */
export function enter(page: Page): void {
  if (showsExplore(page)) {
    // A clustering goes on bit for bit where it was, so it makes room; a run that is left cannot, and goes on.
    if (isBusy(scenes.clusters.run.getState())) void clusters().then(leaveClusters).then(explore);
    else explore();
  }
  // Where it cannot be fetched the page says so: it is of the page's own parts.
  if (page === 'unsupervised')
    clusters().then(
      ({ enterClusters }) => {
        // Another page may be shown by now.
        if (useView.getState().page === 'unsupervised' && !openLinked()) enterClusters();
      },
      () => undefined,
    );
  askAgain(page);
}

/** Comes with the page that needs it. */
const clusters = () => import('./unsupervised/run.ts');

const leaveClusters = (run: Awaited<ReturnType<typeof clusters>>): void => run.leaveClusters();

function explore(): void {
  if (!openLinked() && !openLinkedNetwork()) enterExplore();
}

/** Enters the page of now and every page that is opened from now on; to be called once. */
export function followPages(): void {
  enter(useView.getState().page);
  useView.subscribe(({ page }, before) => {
    if (page !== before.page) enter(page);
  });
}
