import { useEffect, type ComponentType } from 'react';
import { useView, type Page } from '../state/view.ts';
import { Bar } from './bar/Bar.tsx';
import { Explore } from './Explore.tsx';
import { DropZone } from './shared/DropZone.tsx';
import { LazyPage } from './shared/LazyPage.tsx';
import { Notices } from './shared/Notices.tsx';
import { useTheme } from './shared/useTheme.ts';

/** Pages other than the first are fetched when they are opened. */
const loadPaper = () => import('./paper/PaperPage.tsx').then(({ PaperPage }) => PaperPage);
const loadCompare = () =>
  import('./compare/ComparePage.tsx').then(({ ComparePage }) => ComparePage);

const loadUnsupervised = () =>
  import('./unsupervised/UnsupervisedPage.tsx').then(({ UnsupervisedPage }) => UnsupervisedPage);

const loads: Readonly<Record<Exclude<Page, 'explore'>, () => Promise<ComponentType>>> = {
  compare: loadCompare,
  unsupervised: loadUnsupervised,
  paper: loadPaper,
};

const titles: Readonly<Record<Page, string>> = {
  explore: 'Offramp',
  compare: 'Methods compared · Offramp',
  unsupervised: 'Clustering without labels · Offramp',
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
      {page === 'explore' ? <Explore /> : <LazyPage key={page} load={loads[page]} />}
      <DropZone />
    </>
  );
}
