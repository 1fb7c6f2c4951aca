import type { PageView } from '../page.ts';

export const page: PageView = {
  id: 'unsupervised',
  name: 'Unsupervised',
  title: 'Clustering without labels · Offramp',
  parts: () => import('./parts.ts').then(({ parts }) => parts),
};
