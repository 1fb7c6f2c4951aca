import { lazy, Suspense, useEffect } from 'react';
import { useView, type Page } from '../state/view.ts';
import { Bar } from './bar/Bar.tsx';
import { Explore } from './Explore.tsx';
import { DropZone } from './shared/DropZone.tsx';
import { Notices } from './shared/Notices.tsx';
import { useTheme } from './shared/useTheme.ts';

/** Pages other than the first are fetched when they are opened. */
const PaperPage = lazy(() =>
  import('./paper/PaperPage.tsx').then(({ PaperPage: page }) => ({ default: page })),
);

const ComparePage = lazy(() =>
  import('./compare/ComparePage.tsx').then(({ ComparePage: page }) => ({ default: page })),
);

const titles: Readonly<Record<Page, string>> = {
  explore: 'Offramp',
  compare: 'Methods compared · Offramp',
  paper: 'The paper’s experiments · Offramp',
};

/** The bar, what there is to say, and one page. */
export function App() {
  useTheme();
  const page = useView((view) => view.page);
  useEffect(() => {
    document.title = titles[page];
    window.scrollTo(0, 0);
  }, [page]);
  return (
    <>
      <Bar />
      <Notices />
      {page === 'explore' ? (
        <Explore />
      ) : (
        <Suspense fallback={<p className="page-wait">Loading the page …</p>}>
          {page === 'compare' ? <ComparePage /> : <PaperPage />}
        </Suspense>
      )}
      <DropZone />
    </>
  );
}
