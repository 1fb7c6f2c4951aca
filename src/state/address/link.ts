/** Keeps the address bar and the state in step. */
import { pages, type Page, type PageChoices } from '../pages.ts';
import { notify } from '../notices.ts';
import type { Scene } from '../scene/scene.ts';
import type { Shown } from '../scene/derive.ts';
import { dropTraces } from '../scene/searches.ts';
import { chooseCurve, offerThresholds, showSplit } from '../scene/shown.ts';
import { sceneOf, scenes } from '../scenes.ts';
import { isSameRun, useSettings } from '../settings.ts';
import { useWaiting } from '../traces/waiting.ts';
import { showPage, useView } from '../view.ts';
import { followSteps, takeStep } from './steps.ts';
import { readLink, writeLink, type LinkState } from './url.ts';

/** What a link to a page carries: of the scenes it is the page's own. */
export function linkOf(page: Page): LinkState {
  const scene = sceneOf(page);
  const { image, cell, truth, verdict, order, population } = scene.selection.getState();
  const { theme, embed, panel } = useView.getState();
  const { opened } = scene.run.getState();
  const waiting = useWaiting.getState();
  return {
    settings: useSettings.getState(),
    view: { page, theme, embed, panel, image, cell, truth, verdict, order, population },
    // What a link named stays in the address, opened or not.
    traces: opened?.addresses ?? waiting.linked,
    confidence: opened?.addresses ? opened.choice : waiting.linkedChoice,
    ...keptOf(scene.shown.getState()),
    ...pages.reduce((all, page) => ({ ...all, ...page.current() }), {} as PageChoices),
  };
}

/** What a link keeps of what a scene shows: thresholds that a search chose follow from the rest. */
function keptOf({ split, policy, source, chosen, linked }: Shown) {
  const isOwn = source !== 'provisional' && source !== 'default';
  // A link's own thresholds stay in the address until a trace has taken them.
  return {
    split,
    curve: chosen,
    thresholds: linked ?? (isOwn && policy ? policy.thresholds : null),
  };
}

/** Takes what a link carries. */
export function takeLink(state: LinkState): void {
  useSettings.setState(state.settings);
  useWaiting.setState({ linked: state.traces, linkedChoice: state.confidence });
  const { page: shown, theme, embed, panel, image, cell, truth, ...filters } = state.view;
  useView.setState({ page: shown, theme, embed, panel });
  const own = sceneOf(shown);
  for (const scene of Object.values<Scene>(scenes)) {
    showSplit(scene, state.split);
    chooseCurve(scene, state.curve);
    // A way of looking is meant for every page; what points into a trace, and its thresholds, for the page that was linked to.
    scene.selection.setState(scene === own ? { image, cell, truth, ...filters } : filters);
    offerThresholds(scene, scene === own ? state.thresholds : null);
  }
  for (const page of pages) page.take(state);
}

/** Takes the state from the address bar; what is not allowed there is said and left out. */
export function readAddress(): void {
  const { state, dropped } = readLink(window.location.search);
  takeLink(state);
  for (const sentence of dropped) notify('note', sentence);
}

const shownPage = (): Page => useView.getState().page;

/** The link to what is on screen. */
export function shareableLink(): string {
  return new URL(writeLink(linkOf(shownPage())) || '?', window.location.href).href;
}

/** The link to another page, with what is chosen on all of them. */
export function linkToPage(page: Page): string {
  return writeLink(linkOf(page)) || window.location.pathname;
}

/** Milliseconds of rest before the address changes: browsers refuse to be told at every frame. */
const REST = 250;

function pageInAddress(): Page {
  return readLink(window.location.search).state.view.page;
}

/**
 * Takes what the address says after the browser's Back or Forward. Where only the page is another one, what is on screen
 * there stays; where something else was chosen, its selection and thresholds wait for what comes.
 */
function comeBack(): void {
  const { state } = readLink(window.location.search);
  const here = linkOf(shownPage());
  const isOther =
    !isSameRun(here.settings, state.settings) ||
    JSON.stringify([here.traces, here.confidence, here.unsupervised]) !==
      JSON.stringify([state.traces, state.confidence, state.unsupervised]);
  if (isOther) {
    dropTraces(sceneOf(state.view.page));
    takeLink(state);
  } else {
    for (const page of pages) page.take(state);
    showPage(state.view.page);
  }
}

/**
 * Writes every later change to the address bar. Another page, and whatever else a person chooses to see, is a step that the
 * browser's Back takes back; all other changes are written into the step at hand.
 * @param enter shows what is chosen on a page that the browser came back to.
 */
export function followState(enter: (page: Page) => void): void {
  let timer = 0;
  const flush = (): void => {
    const query = writeLink(linkOf(shownPage()));
    const isStep = takeStep();
    if (query === window.location.search) return;
    const address = query || window.location.pathname;
    if (isStep) window.history.pushState(null, '', address);
    else window.history.replaceState(null, '', address);
  };
  const writeAfter = (rest: number) => (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, rest);
  };
  const write = writeAfter(REST);
  followSteps(writeAfter(0));
  useView.subscribe(({ page }, before) => {
    if (page !== before.page && page !== pageInAddress())
      window.history.pushState(null, '', linkToPage(page));
  });
  window.addEventListener('popstate', () => {
    const before = shownPage();
    // Steps into the page itself, as the contents of Paper are, change nothing.
    if (writeLink(readLink(window.location.search).state) === writeLink(linkOf(before))) return;
    comeBack();
    // Another page is entered by whoever follows which one is shown.
    if (shownPage() === before) enter(before);
  });
  useSettings.subscribe(write);
  useView.subscribe(write);
  for (const scene of Object.values<Scene>(scenes)) {
    scene.selection.subscribe(write);
    // A search that goes on changes what is shown all the time, and nothing of the address.
    scene.shown.subscribe((now, before) => {
      const [kept, was] = [keptOf(now), keptOf(before)];
      const isSame =
        kept.split === was.split && kept.curve === was.curve && kept.thresholds === was.thresholds;
      if (!isSame) write();
    });
    scene.run.subscribe(({ opened }, before) => {
      if (opened !== before.opened) write();
    });
  }
  useWaiting.subscribe(({ linked, linkedChoice }, before) => {
    if (linked !== before.linked || linkedChoice !== before.linkedChoice) write();
  });
  for (const page of pages) page.follow(write);
}
