import type { PageView } from '../page.ts';

export const page: PageView = {
  id: 'paper',
  name: 'Paper',
  title: 'The paper’s experiments · Offramp',
  parts: () => import('./parts.ts').then(({ parts }) => parts),
};
