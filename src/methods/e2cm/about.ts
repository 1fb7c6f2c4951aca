/** E2CM (§3.1): an image leaves where its normalised distance to one class mean stands out. */
import { about } from '../contract/about.ts';
import { E2CM_DEFAULTS, E2CM_OPTIONS } from './options.ts';

export const e2cm = about({
  id: 'e2cm',
  name: 'E2CM',
  options: E2CM_OPTIONS,
  defaults: E2CM_DEFAULTS,
  confidence: {
    rule: 'above',
    unit: 'max softmax of the normalised distances',
    range: (classes) => [1 / classes, 1],
  },
  words: {
    labeller: 'the nearest class mean',
    learnt: (images) => `class means from ${images}`,
    flattered: 'the images that made the class means flatter them',
    heldOut: 'they made no class mean, but the network was trained on them',
    gone: 'the class means: distances to them are measured',
    first: 'The class means come',
  },
  hue: ['#1663c7', '#6db0ff'],
  /** Class means (eq. 2), then the mean distances to them (eq. 4). */
  cost: { passes: [[], ['distances']], epoch: [], exits: ['distances'] },

  load: () => import('./method.ts').then(({ e2cm }) => e2cm),
});
