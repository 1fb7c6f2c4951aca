import { useState } from 'react';
import { dismiss, dismissAll, useNotices } from '../../state/notices.ts';

/** Sentences on screen at once, the last ones; the others are counted, and a button away. */
const SHOWN = 4;

/** Sentences that stay until they are dismissed. */
export function Notices() {
  const notices = useNotices((state) => state.notices);
  const [isOpen, setOpen] = useState(false);
  const rest = notices.length - SHOWN;
  const isMany = rest > 0;
  return (
    <div className="notices" role="region" aria-label="Messages" aria-live="polite">
      <div className={`notice-list ${isOpen && isMany ? 'all' : ''}`}>
        {(isOpen ? notices : notices.slice(-SHOWN)).map(({ id, kind, text, remedy }) => (
          <div key={id} className={`notice ${kind}`} role={kind === 'error' ? 'alert' : undefined}>
            <p>{text}</p>
            {remedy && (
              <button
                type="button"
                className="button small"
                onClick={() => {
                  dismiss(id);
                  remedy.act();
                }}
              >
                {remedy.label}
              </button>
            )}
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
      {isMany && (
        <div className="notice">
          <button
            type="button"
            className="button small"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'The last ones alone' : `Show all ${notices.length} messages`}
          </button>
          <button type="button" className="button small" onClick={dismissAll}>
            Dismiss all {notices.length}
          </button>
        </div>
      )}
    </div>
  );
}
