/** Papers that several methods stand on. CITATION.cff lists them too. */
import type { Work } from '../contract/work.ts';

/** Class means as exits, supervised and without labels. */
export const E2CM: Work = {
  key: 'gormez2022e2cm',
  authors: [
    ['Alperen', 'Görmez'],
    ['Venkat R.', 'Dasari'],
    ['Erdem', 'Koyuncu'],
  ],
  title: 'E2CM: Early Exit via Class Means for Efficient Supervised and Unsupervised Learning',
  year: 2022,
  venue: 'International Joint Conference on Neural Networks (IJCNN)',
  arxiv: '2103.01148',
};

/** Internal classifiers on a frozen network. */
export const SDN: Work = {
  key: 'kaya2019shallow',
  authors: [
    ['Yigitcan', 'Kaya'],
    ['Sanghyun', 'Hong'],
    ['Tudor', 'Dumitras'],
  ],
  title: 'Shallow-Deep Networks: Understanding and Mitigating Network Overthinking',
  year: 2019,
  venue: 'International Conference on Machine Learning (ICML)',
  arxiv: '1810.07052',
};

/** Branches that are trained jointly with the network. */
export const BRANCHYNET: Work = {
  key: 'teerapittayanon2016branchynet',
  authors: [
    ['Surat', 'Teerapittayanon'],
    ['Bradley', 'McDanel'],
    ['H. T.', 'Kung'],
  ],
  title: 'BranchyNet: Fast Inference via Early Exiting from Deep Neural Networks',
  year: 2016,
  venue: 'International Conference on Pattern Recognition (ICPR)',
  arxiv: '1709.01686',
};
