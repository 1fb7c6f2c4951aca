/** BWDS (Bolukbasi, Wang, Dekel, Saligrama 2017): a decision function for every trade-off at every exit. */
import { about } from '../contract/about.ts';
import { classifierWords } from '../parts/words.ts';
import { BWDS_DEFAULTS, BWDS_OPTIONS, DRAWN, TRADE_OFFS } from './options.ts';

export const bwds = about({
  id: 'bwds',
  name: 'BWDS',
  options: BWDS_OPTIONS,
  defaults: BWDS_DEFAULTS,
  confidence: {
    rule: 'at-least',
    unit: 'λ up to which the decision functions let it go: cost of an avoidable mistake, in runs of the network',
    range: () => [0, TRADE_OFFS.at(-1)!],
    logarithmic: DRAWN,
  },
  words: {
    ...classifierWords,
    labeller: 'the exit’s classifier',
    learnt: (images) => `classifiers and decision functions trained on ${images}`,
  },
  hue: ['#00786b', '#4cc7b3'],
  /** Features, which are kept; the trained classifiers' outputs. */
  cost: { passes: [[], ['classifiers']], epoch: ['classifiers'], exits: ['classifiers'] },
  looksAtSites: true,
  load: () => import('./method.ts').then(({ bwds }) => bwds),
});
