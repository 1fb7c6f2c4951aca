/** Whom it is due to. */
import type { Work } from '../contract/work.ts';

export const works: readonly Work[] = [
  {
    key: 'bolukbasi2017adaptive',
    authors: [
      ['Tolga', 'Bolukbasi'],
      ['Joseph', 'Wang'],
      ['Ofer', 'Dekel'],
      ['Venkatesh', 'Saligrama'],
    ],
    title: 'Adaptive Neural Networks for Efficient Inference',
    year: 2017,
    venue: 'International Conference on Machine Learning (ICML)',
    arxiv: '1702.07811',
  },
];
