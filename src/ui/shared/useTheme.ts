import { useSyncExternalStore } from 'react';
import { useView } from '../../state/view.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
/** The system's own colours are in the place of the page's: what is drawn must stand on them. */
const forced = window.matchMedia('(forced-colors: active)');
const print = window.matchMedia('print');

function onChange(call: () => void): () => void {
  for (const query of [dark, forced, print]) query.addEventListener('change', call);
  return () => {
    for (const query of [dark, forced, print]) query.removeEventListener('change', call);
  };
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
