/** DEC with early exits (E2CM §3.3; Xie et al. 2016): clusters without classes. */
import { about } from '../contract/about.ts';
import { DEC_DEFAULTS, DEC_OPTIONS } from './options.ts';

export const dec = about({
  id: 'dec',
  name: 'DEC',
  options: DEC_OPTIONS,
  defaults: DEC_DEFAULTS,
  confidence: {
    rule: 'above',
    unit: 'max softmax of −d/m to the cluster centres',
    range: (clusters) => [1 / clusters, 1],
  },
  words: {
    labeller: 'the nearest cluster centre',
    learnt: (images) => `clusters of ${images}`,
    flattered: 'the clusters are of both splits, so neither flatters them more',
    heldOut: 'they are among the images that were clustered',
    gone: 'the embeddings: distances to the cluster centres are measured',
    first: 'The features come',
  },
  hue: ['#2b2580', '#8f8cff'],
  /** The embedding of all images, once more after the training. */
  cost: { passes: [[]], epoch: ['network', 'classifiers'], exits: ['classifiers'] },
  ownNetwork: true,
  clusters: true,
  load: () => import('./method.ts').then(({ dec }) => dec),
});
