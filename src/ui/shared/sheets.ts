/** Parts of the page that do not come: its own style sheet, without which nothing is drawn, sheets and code of later ones. */

/** Addresses of sheets that were asked for and did not come. */
const missing = new Set<string>();

/** Runs `start` once the page's sheet is there. Where it does not come that is said, with a button that asks again. */
export function withSheet(start: () => void): void {
  // A failed link that stood in the page, or what Vite keeps of it, would pass for a loaded one.
  document.addEventListener('error', ({ target }) => note(target), true);
  if (isThere()) return start();
  note(document.querySelector('link[rel="stylesheet"]'));
  const askAgain = (): void =>
    void withSheets(() => Promise.resolve(start())).catch(() => undefined);
  void import('./withoutSheet.ts').then(({ sayMissing }) => sayMissing(askAgain));
}

/** Loads a part of the page; sheets that did not come before are asked for again first, and it is not drawn without them. */
export async function withSheets<Part>(load: () => Promise<Part>): Promise<Part> {
  await Promise.all(Array.from(missing, askAgain));
  return load();
}

/**
 * The same, when a person asks again for what did not come. A browser may hold code for missing as long as the page lives
 * (Chromium does): where the server answers by now, the page is loaded anew, by its link.
 */
export async function askedAgain<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await withSheets(load);
  } catch (error) {
    if (await serverAnswers()) location.reload();
    throw error;
  }
}

async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch('./', { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/** Canvases and charts take their colours from it. */
const isThere = (): boolean =>
  getComputedStyle(document.documentElement).getPropertyValue('--paper') !== '';

function note(target: unknown): void {
  if (!(target instanceof HTMLLinkElement) || target.rel !== 'stylesheet') return;
  missing.add(target.href);
  target.remove();
}

/** Rejects where it does not come again. */
function askAgain(address: string): Promise<void> {
  const link = document.createElement('link');
  Object.assign(link, { rel: 'stylesheet', crossOrigin: '', href: address });
  return new Promise((resolve, reject) => {
    link.onload = () => resolve(void missing.delete(address));
    link.onerror = reject;
    document.head.append(link);
  });
}
