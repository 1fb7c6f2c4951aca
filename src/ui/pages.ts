/** All pages: a folder's `page.ts` says what a page looks like, `state/pages.ts` lists which there are. */
import { pages as listed, type Page } from '../state/pages.ts';
import type { PageView } from './page.ts';

/**
 * The views of the listed pages, in their order.
 * @throws Error when a listed page has none, or two.
 */
export function viewsOf(ids: readonly string[], views: readonly PageView[]): readonly PageView[] {
  return ids.map((id) => {
    const [view, another] = views.filter((view) => view.id === id);
    if (!view || another)
      throw new Error(
        `The page “${id}” of src/state/pages.ts has ${view ? 'more than one view' : 'no view'}; expected one page.ts ` +
          'in a folder of src/ui that exports a `page` with this id.',
      );
    return view;
  });
}

const found = import.meta.glob<PageView>('./*/page.ts', { eager: true, import: 'page' });

export const pages = viewsOf(
  listed.map(({ id }) => id),
  Object.values(found),
);

export const viewOf = (id: Page): PageView => pages.find((page) => page.id === id)!;
