/** Keeps the address bar and the state in step. */
import { useCompare } from '../compare/choices.ts';
import {
  chooseCurve,
  offeredThresholds,
  offerThresholds,
  showSplit,
  useExplore,
} from '../scene/shown.ts';
import { notify } from '../notices.ts';
import { usePaperChoices } from '../paper/choices.ts';
import { useSettings } from '../settings.ts';
import { useClusters } from '../unsupervised/choices.ts';
import { readLink, writeLink, type LinkState } from './url.ts';
import { showPage, useView, type Page } from '../view.ts';

function current(): LinkState {
  const { page, theme, image, cell, truth, verdict, order, population } = useView.getState();
  const view = { page, theme, image, cell, truth, verdict, order, population };
  const { split, policy, source, chosen } = useExplore.getState();
  const own = source !== 'provisional' && source !== 'default';
  return {
    settings: useSettings.getState(),
    view,
    split,
    curve: chosen,
    // A link's own thresholds stay in the address until a trace has taken them.
    thresholds: offeredThresholds() ?? (own && policy ? policy.thresholds : null),
    compare: useCompare.getState(),
    paper: usePaperChoices.getState(),
    clusters: useClusters.getState(),
  };
}

/** Takes the state from the address bar; what is not allowed there is said and left out. */
export function readAddress(): void {
  const { state, dropped } = readLink(window.location.search);
  useSettings.setState(state.settings);
  useView.setState(state.view);
  showSplit(state.split);
  chooseCurve(state.curve);
  offerThresholds(state.thresholds);
  useCompare.setState(state.compare);
  usePaperChoices.setState(state.paper);
  useClusters.setState(state.clusters);
  for (const sentence of dropped) notify('note', sentence);
}

/** The link to what is on screen. */
export function shareableLink(): string {
  return new URL(writeLink(current()) || '?', window.location.href).href;
}

/** The link to another page with everything else as it is. */
export function linkToPage(page: Page): string {
  const { view, ...state } = current();
  return writeLink({ ...state, view: { ...view, page } }) || window.location.pathname;
}

/** Milliseconds of rest before the address changes: browsers refuse to be told at every frame. */
const REST = 250;

function pageInAddress(): Page {
  return readLink(window.location.search).state.view.page;
}

/** Writes every later change to the address bar; another page is a step that the browser's Back takes back. */
export function followState(): void {
  let timer = 0;
  const write = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const query = writeLink(current());
      if (query !== window.location.search)
        window.history.replaceState(null, '', query || window.location.pathname);
    }, REST);
  };
  useView.subscribe(({ page }, before) => {
    if (page !== before.page && page !== pageInAddress())
      window.history.pushState(null, '', linkToPage(page));
  });
  window.addEventListener('popstate', () => showPage(pageInAddress()));
  useSettings.subscribe(write);
  useView.subscribe(write);
  useExplore.subscribe(write);
  useCompare.subscribe(write);
  usePaperChoices.subscribe(write);
  useClusters.subscribe(write);
}
