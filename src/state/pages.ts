/**
 * The pages, in the order of the bar. What the address knows of one is here; what a person sees of it is its folder's
 * `page.ts` in `src/ui`, which is found by this id.
 */
import { plainPage } from './address/page.ts';
import { comparePage } from './compare/page.ts';
import { paperPage } from './paper/page.ts';
import { unsupervisedPage } from './unsupervised/page.ts';

export const pages = [
  plainPage('explore'),
  plainPage('try'),
  comparePage,
  unsupervisedPage,
  paperPage,
] as const;

type Listed = (typeof pages)[number];

export type Page = Listed['id'];

/** Whether a page stands on what Explore runs: it is run when the page is opened. */
export const showsExplore = (page: Page): boolean => page === 'explore' || page === 'try';

type Meet<Union> = (Union extends unknown ? (part: Union) => void : never) extends (
  part: infer All,
) => void
  ? All
  : never;

/** What people chose on all pages, each page's under its id. */
export type PageChoices = Meet<ReturnType<Listed['current']>>;
