/** E2CM+SDN (E2CM §3.2): internal classifiers and class means that have to agree. */
import { about } from '../contract/about.ts';
import { classifierWords } from '../parts/words.ts';
import { E2CM_SDN_DEFAULTS, E2CM_SDN_OPTIONS } from './options.ts';

export const e2cmSdn = about({
  id: 'e2cm-sdn',
  name: 'E2CM+SDN',
  options: E2CM_SDN_OPTIONS,
  defaults: E2CM_SDN_DEFAULTS,
  confidence: {
    rule: 'at-least',
    unit: 'max softmax of the internal classifier',
    range: () => [0, 1],
  },
  words: {
    ...classifierWords,
    learnt: (images) => `class means and internal classifiers from ${images}`,
  },
  hue: ['#7a3fb0', '#c79bf2'],
  /** Class means; features and distances, which are kept. */
  cost: {
    passes: [[], ['distances']],
    epoch: ['classifiers'],
    exits: ['distances', 'classifiers'],
  },
  judges: ['classifier', 'class means'],
  looksAtSites: true,
  load: () => import('./method.ts').then(({ e2cmSdn }) => e2cmSdn),
});
