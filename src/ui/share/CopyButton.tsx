import { useState, type ReactNode } from 'react';

interface CopyButtonProps {
  /** What is copied; asked for at the click. */
  readonly text: () => string;
  readonly done?: string;
  readonly className?: string;
  readonly onCopied?: () => void;
  /** Where the browser does not let it be copied. */
  readonly onRefused: (text: string) => void;
  readonly children: ReactNode;
}

/** Milliseconds for which a button says that it has copied. */
const SAID = 2000;

/** Copies a text, and says so. */
export function CopyButton({
  text,
  done = 'Copied',
  className = '',
  onCopied,
  onRefused,
  children,
}: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    const content = text();
    try {
      await navigator.clipboard.writeText(content);
      setCopied(true);
      setTimeout(() => setCopied(false), SAID);
      onCopied?.();
    } catch {
      onRefused(content);
    }
  };
  return (
    <button type="button" className={`button ${className}`} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? done : children}</span>
    </button>
  );
}
