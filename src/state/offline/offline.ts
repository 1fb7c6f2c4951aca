/** The page without its server: what this browser keeps of it, and a new version of it. */
import { create } from 'zustand';
import { notify } from '../notices.ts';

export interface Offline {
  /** Files of recorded runs and networks that are kept in this browser, of all; null until it is known. */
  readonly kept: { readonly kept: number; readonly all: number } | null;
}

export const useOffline = create<Offline>(() => ({ kept: null }));

/** Keeps the page in this browser, where it can, and says when there is a new version. To be called once. */
export async function keepPage(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  serviceWorker.addEventListener(
    'message',
    ({ data }: MessageEvent<NonNullable<Offline['kept']>>) => useOffline.setState({ kept: data }),
  );
  const wasControlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (wasControlled) offerReload();
  });
  try {
    const registration = await serviceWorker.register('./sw.js');
    if (registration.waiting) offerVersion(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      installing?.addEventListener('statechange', () => {
        // The very first one waits for nobody.
        if (installing.state === 'installed' && registration.active) offerVersion(installing);
      });
    });
    await serviceWorker.ready;
    askFor('fill');
  } catch {
    // A browser that keeps nothing, as in a private window, shows the page as before.
  }
}

/** `fill`: keeps all recorded runs and networks; `empty`: throws them away. */
export function askFor(what: 'fill' | 'empty'): void {
  // Whoever saves data is not made to fetch what may never be looked at.
  const { connection } = navigator as { connection?: { readonly saveData?: boolean } };
  if (what === 'fill' && connection?.saveData) return;
  void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage(what));
}

function offerVersion(waiting: ServiceWorker): void {
  notify('note', 'A new version of this page is there. What is on screen is of the one before.', {
    label: 'Load it',
    act: () => waiting.postMessage('take over'),
  });
}

/** Another version has taken over: here, because it was asked to, or in another tab. */
function offerReload(): void {
  const mine = document.visibilityState === 'visible';
  if (mine) location.reload();
  else
    notify(
      'note',
      'Another tab has loaded a new version of this page. This one is of the one before.',
      {
        label: 'Load it here',
        act: () => location.reload(),
      },
    );
}
