import type { PageView } from '../page.ts';

export const page: PageView = {
  id: 'compare',
  name: 'Compare',
  title: 'Methods compared · Offramp',
  parts: () => import('./parts.ts').then(({ parts }) => parts),
};
