/** The page's own style sheet: canvases and charts take their colours from it, so that nothing is drawn without it. */

/** Runs `start` once the sheet is there. Where it does not come that is said, with a button that asks for it again. */
export function withSheet(start: () => void): void {
  if (isThere()) return start();
  const said = document.createElement('p');
  said.role = 'alert';
  said.textContent =
    'The page’s style sheet could not be loaded, and nothing is drawn without it. Look at the connection, then try again.';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.onclick = () => askAgain(() => isThere() && start());
  const main = document.createElement('main');
  main.append(said, button);
  document.getElementById('root')!.replaceChildren(main);
}

const isThere = (): boolean =>
  getComputedStyle(document.documentElement).getPropertyValue('--paper') !== '';

/** Asks for the sheet at another address, past what a cache has in its place. */
function askAgain(then: () => void): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="stylesheet"]');
  if (!link) return location.reload();
  const anew = link.cloneNode() as HTMLLinkElement;
  const address = new URL(link.href);
  address.search = `?again=${Date.now()}`;
  anew.href = address.href;
  anew.onload = then;
  link.replaceWith(anew);
}
