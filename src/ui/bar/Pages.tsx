import type { MouseEvent } from 'react';
import { linkToPage } from '../../state/address/link.ts';
import { pages, showPage, useView, type Page } from '../../state/view.ts';

const names: Readonly<Record<Page, string>> = {
  explore: 'Explore',
  compare: 'Compare',
  unsupervised: 'Unsupervised',
  paper: 'Paper',
};

/** The pages as links: one opens in place, or in another tab when a person asks for that. */
export function Pages() {
  const shown = useView((view) => view.page);
  const open = (event: MouseEvent, page: Page): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    showPage(page);
  };
  return (
    <nav className="pages" aria-label="Pages">
      {pages.map((page) => (
        <a
          key={page}
          href={linkToPage(page)}
          aria-current={page === shown ? 'page' : undefined}
          onClick={(event) => open(event, page)}
        >
          {names[page]}
        </a>
      ))}
    </nav>
  );
}
