import type { PageParts } from '../page.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { Pages } from './Pages.tsx';
import { ShareButton } from '../share/ShareButton.tsx';
import { ThemeButton } from './ThemeButton.tsx';
import './bar.css';
import './menus.css';

interface BarProps {
  /** Of the page on screen; null while they are being fetched. */
  readonly parts: PageParts | null;
}

/** The pages; what the page on screen offers to choose; share, export, theme. */
export function Bar({ parts }: BarProps) {
  const Choices = parts?.Choices;
  const Tool = parts?.Tool;
  return (
    <header className="bar">
      <p className="brand">
        <svg viewBox="0 0 32 24" width="26" height="20" aria-hidden="true">
          <path d="M2 5h28" stroke="currentColor" strokeWidth="4" strokeLinecap="round" />
          <path
            d="M7 5c9 0 7 14 16 14"
            fill="none"
            stroke="#35b779"
            strokeWidth="4"
            strokeLinecap="round"
          />
        </svg>
        <span className="brand-name">Offramp</span>
      </p>
      <Pages />
      {Choices && <Choices />}
      <div className="bar-tools">
        {Tool && <Tool />}
        <ShareButton parts={parts} />
        {parts && parts.exports.length > 0 && <ExportMenu exports={parts.exports} />}
        <ThemeButton />
      </div>
    </header>
  );
}
