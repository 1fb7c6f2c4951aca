import { useSyncExternalStore } from 'react';
import { useView } from '../../state/view.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function onSystemChange(call: () => void): () => void {
  dark.addEventListener('change', call);
  return () => dark.removeEventListener('change', call);
}

/** The theme on screen, after the system's preference; canvases redraw when it changes. */
export function useTheme(): 'light' | 'dark' {
  const theme = useView((view) => view.theme);
  const systemDark = useSyncExternalStore(
    onSystemChange,
    () => dark.matches,
    () => dark.matches,
  );
  const shown = theme === 'system' ? (systemDark ? 'dark' : 'light') : theme;
  // While rendering, so that it is there when the canvases' effects read the colours.
  // eslint-disable-next-line react-hooks/immutability
  document.documentElement.dataset.theme = shown;
  return shown;
}
