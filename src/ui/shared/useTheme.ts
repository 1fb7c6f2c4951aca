import { useSyncExternalStore } from 'react';
import { useView } from '../../state/view.ts';

const heard = new Set<() => void>();

/**
 * What holds of a query, as its events say. Chromium sends none for a change that somebody has read off the query before,
 * as a canvas that is drawn meanwhile would: the others would keep their colours.
 */
function followed(text: string): { readonly matches: boolean } {
  const query = window.matchMedia(text);
  const now = { matches: query.matches };
  query.addEventListener('change', ({ matches }) => {
    now.matches = matches;
    for (const call of heard) call();
  });
  return now;
}

const dark = followed('(prefers-color-scheme: dark)');
/** The system's own colours are in the place of the page's: what is drawn must stand on them. */
const forced = followed('(forced-colors: active)');
const print = followed('print');

function onChange(call: () => void): () => void {
  heard.add(call);
  return () => heard.delete(call);
}

const system = (): 'light' | 'dark' => (dark.matches ? 'dark' : 'light');
/** What no choice of a person changes: paper is light, and forced colours are the system's. */
const prescribed = (): 'light' | 'dark' | null =>
  print.matches ? 'light' : forced.matches ? system() : null;

/** The theme on screen, after the system's preference; canvases redraw when it changes. */
export function useTheme(): 'light' | 'dark' {
  const theme = useView((view) => view.theme);
  const usual = useSyncExternalStore(onChange, system, system);
  const shown =
    useSyncExternalStore(onChange, prescribed, prescribed) ?? (theme === 'system' ? usual : theme);
  // While rendering, so that it is there when the canvases' effects read the colours.
  // eslint-disable-next-line react-hooks/immutability
  document.documentElement.dataset.theme = shown;
  return shown;
}
