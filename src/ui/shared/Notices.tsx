import { dismiss, useNotices } from '../../state/notices.ts';

/** Sentences that stay until they are dismissed. */
export function Notices() {
  const notices = useNotices((state) => state.notices);
  return (
    <div className="notices" role="region" aria-label="Messages" aria-live="polite">
      {notices.map(({ id, kind, text }) => (
        <div key={id} className={`notice ${kind}`} role={kind === 'error' ? 'alert' : undefined}>
          <p>{text}</p>
          <button
            type="button"
            className="button quiet"
            onClick={() => dismiss(id)}
            aria-label="Dismiss this message"
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
