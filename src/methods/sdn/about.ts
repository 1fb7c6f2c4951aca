/** SDN (Kaya, Hong, Dumitraş 2019): internal classifiers on a frozen network. */
import { about } from '../contract/about.ts';
import { classifierWords } from '../parts/words.ts';
import { SDN_DEFAULTS, SDN_OPTIONS } from './options.ts';

export const sdn = about({
  id: 'sdn',
  name: 'SDN',
  options: SDN_OPTIONS,
  defaults: SDN_DEFAULTS,
  confidence: {
    rule: 'at-least',
    unit: 'max softmax of the internal classifier',
    range: (classes) => [1 / classes, 1],
  },
  words: classifierWords,
  hue: ['#a86200', '#e9a44c'],
  /** Features, which are kept. */
  cost: { passes: [[]], epoch: ['classifiers'], exits: ['classifiers'] },
  looksAtSites: true,
  load: () => import('./method.ts').then(({ sdn }) => sdn),
});
