import './ui/styles/tokens.css';
import './ui/styles/controls.css';
import './ui/styles/layout.css';
import './ui/styles/media.css';
import { createRoot } from 'react-dom/client';
import { followState, readAddress } from './state/address/link.ts';
import { findDatasets } from './state/lease/images.ts';
import { enter, followPages } from './state/enter.ts';
import { isBusy } from './state/scene/run.ts';
import { followScenes, scenes } from './state/scenes.ts';
import { useView } from './state/view.ts';
import { App } from './ui/App.tsx';
import { layHues } from './ui/shared/hues.ts';
import { later } from './ui/shared/later.tsx';
import { withSheet } from './ui/shared/sheets.ts';

/** In a frame on another page. */
const Embed = later<object>(
  0,
  () => import('./ui/embed/Embed.tsx').then((module) => module.Embed),
  'This view',
);

trustOwnCode();
withSheet(() => {
  // Each a task of its own: what is read first, what is drawn, and what then begins.
  layHues();
  readAddress();
  followState(enter);
  followScenes();
  setTimeout(() => {
    const view = useView.getState().embed ? <Embed /> : <App />;
    createRoot(document.getElementById('root')!).render(view);
    setTimeout(begin);
  });
});

/** The build's policy has the page say which addresses code may come from (Trusted Types): those of its own server. */
function trustOwnCode(): void {
  const { trustedTypes } = window as {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
    };
  };
  trustedTypes?.createPolicy('default', {
    createScriptURL(address) {
      if (new URL(address, document.baseURI).origin === location.origin) return address;
      throw new TypeError(`${address} is of another server.`);
    },
  });
}

function begin(): void {
  void findDatasets();
  followPages();
  // Whoever reads another page has not asked to keep this one.
  if (import.meta.env.PROD && !useView.getState().embed) keepWhenIdle();
}

/** Keeps the page in this browser once it has nothing else to do: no first visit waits for that. */
function keepWhenIdle(): void {
  setTimeout(() => {
    const isIdle = Object.values(scenes).every(
      ({ run, searches }) => !isBusy(run.getState()) && searches.getState().running.length === 0,
    );
    if (!isIdle) keepWhenIdle();
    else
      import('./state/offline/offline.ts').then(
        ({ keepPage }) => keepPage(),
        () => keepWhenIdle(),
      );
  }, 20_000);
}
