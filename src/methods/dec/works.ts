/** Whom it is due to. */
import type { Work } from '../contract/work.ts';
import { E2CM } from '../parts/papers.ts';

export const works: readonly Work[] = [
  E2CM,
  {
    key: 'xie2016unsupervised',
    authors: [
      ['Junyuan', 'Xie'],
      ['Ross', 'Girshick'],
      ['Ali', 'Farhadi'],
    ],
    title: 'Unsupervised Deep Embedding for Clustering Analysis',
    year: 2016,
    venue: 'International Conference on Machine Learning (ICML)',
    arxiv: '1511.06335',
  },
];
