import type { PageView } from '../page.ts';

export const page: PageView = {
  id: 'try',
  name: 'Try',
  title: 'Try an image · Offramp',
  parts: () => import('./parts.ts').then(({ parts }) => parts),
};
