import { useEffect, useRef, useState, type ReactNode } from 'react';
import { CopyButton } from './CopyButton.tsx';
import './share.css';

interface ShareDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog of the Share menu. */
export function ShareDialog({ title, onClose, children }: ShareDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} className="share-dialog" aria-labelledby="share-title" onClose={onClose}>
      <div className="dialog-head">
        <h2 id="share-title">{title}</h2>
        <button type="button" className="button quiet" onClick={() => dialog.current!.close()}>
          Close
        </button>
      </div>
      {children}
    </dialog>
  );
}

interface TextToCopyProps {
  readonly title: string;
  readonly text: string;
  /** Not shown before it is opened. */
  readonly isFolded?: boolean;
}

/** A text that is copied by its button, or by hand. */
export function TextToCopy({ title, text, isFolded = false }: TextToCopyProps) {
  const [isShown, setShown] = useState(!isFolded);
  const [refused, setRefused] = useState(false);
  return (
    <section className="share-text" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <CopyButton
          className="small"
          text={() => text}
          onRefused={() => {
            setShown(true);
            setRefused(true);
          }}
        >
          Copy
        </CopyButton>
      </header>
      {refused && (
        <p role="alert">The browser did not let it be copied; select it and copy it by hand.</p>
      )}
      {isShown && <pre tabIndex={0}>{text}</pre>}
    </section>
  );
}
