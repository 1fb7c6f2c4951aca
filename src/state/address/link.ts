/** Keeps the address bar and the state in step. */
import {
  chooseCurve,
  offeredThresholds,
  offerThresholds,
  showSplit,
  useExplore,
} from '../scene/shown.ts';
import { notify } from '../notices.ts';
import { pages, type Page, type PageChoices } from '../pages.ts';
import { useSettings } from '../settings.ts';
import { readLink, writeLink, type LinkState } from './url.ts';
import { showPage, useView } from '../view.ts';

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
    ...pages.reduce((all, page) => ({ ...all, ...page.current() }), {} as PageChoices),
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
  for (const page of pages) page.take(state);
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
  for (const page of pages) page.follow(write);
}
