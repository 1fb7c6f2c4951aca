/** E2CM+BranchyNet (E2CM §3.2): branches and class means that have to agree. */
import { about } from '../contract/about.ts';
import { classifierWords } from '../parts/words.ts';
import { E2CM_BRANCHY_DEFAULTS, E2CM_BRANCHY_OPTIONS } from './options.ts';

export const e2cmBranchynet = about({
  id: 'e2cm-branchynet',
  name: 'E2CM+BranchyNet',
  options: E2CM_BRANCHY_OPTIONS,
  defaults: E2CM_BRANCHY_DEFAULTS,
  confidence: {
    rule: 'at-least',
    unit: 'what the entropy of the branch lacks of ln K, in nats',
    range: (classes) => [0, Math.log(classes)],
  },
  words: {
    ...classifierWords,
    labeller: 'the branch',
    learnt: (images) => `network and branches trained jointly, class means from ${images}`,
    flattered: 'the images that trained network and branches flatter them',
    heldOut: 'they made no class mean, but network and branches were trained on them',
    gone: 'the network with its branches and the class means: both are computed',
  },
  hue: ['#5f7010', '#b7c96a'],
  /** Of the trained network: class means; distances, for what they are divided by. */
  cost: {
    passes: [[], ['distances']],
    epoch: ['network', 'classifiers'],
    exits: ['distances', 'classifiers'],
  },
  judges: ['branch', 'class means'],
  ownNetwork: true,
  load: () => import('./method.ts').then(({ e2cmBranchynet }) => e2cmBranchynet),
});
