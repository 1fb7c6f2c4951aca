import { setTheme } from '../../state/view.ts';
import { useTheme } from '../shared/useTheme.ts';

/** Light or dark; the system decides until it is pressed. */
export function ThemeButton() {
  const shown = useTheme();
  const other = shown === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="button"
      onClick={() => setTheme(other)}
      aria-label={`Switch to ${other}`}
      title={`Switch to ${other}`}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
      </svg>
    </button>
  );
}
