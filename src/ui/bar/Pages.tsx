import type { MouseEvent } from 'react';
import { linkToPage } from '../../state/address/link.ts';
import type { Page } from '../../state/pages.ts';
import { showPage, useView } from '../../state/view.ts';
import { pages } from '../pages.ts';

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
      {pages.map(({ id, name }) => (
        <a
          key={id}
          href={linkToPage(id)}
          aria-current={id === shown ? 'page' : undefined}
          onClick={(event) => open(event, id)}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}
