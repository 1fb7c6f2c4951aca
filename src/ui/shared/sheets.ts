/** Parts of the page that do not come: its own style sheet, without which nothing is drawn, sheets and code of later ones. */

/** Addresses of sheets that were asked for and did not come. */
const missing = new Set<string>();

/** Runs `start` once the page's sheet is there. Where it does not come that is said, with a button that asks again. */
export function withSheet(start: () => void): void {
  // A failed link that stood in the page, or what Vite keeps of it, would pass for a loaded one.
  document.addEventListener('error', ({ target }) => note(target), true);
  if (isThere()) return start();
  const [own] = document.querySelectorAll('link[rel="stylesheet"]');
  note(own);
  const said = document.createElement('p');
  said.role = 'alert';
  said.textContent =
    'The page’s style sheet could not be loaded, and nothing is drawn without it. Look at the connection, then try again.';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.onclick = () => void withSheets(() => Promise.resolve(start())).catch(() => undefined);
  const main = document.createElement('main');
  main.append(said, button);
  document.getElementById('root')!.replaceChildren(main);
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

/** @throws Error where it does not come again. */
function askAgain(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.crossOrigin = '';
    link.href = address;
    link.onload = () => {
      missing.delete(address);
      resolve();
    };
    link.onerror = () => reject(new Error(`${address} did not come.`));
    document.head.append(link);
  });
}
