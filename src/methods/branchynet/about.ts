/** BranchyNet (Teerapittayanon et al. 2016): branches trained jointly with the network. */
import { about } from '../contract/about.ts';
import { classifierWords } from '../parts/words.ts';
import { BRANCHY_DEFAULTS, BRANCHY_OPTIONS } from './options.ts';

export const branchynet = about({
  id: 'branchynet',
  name: 'BranchyNet',
  options: BRANCHY_OPTIONS,
  defaults: BRANCHY_DEFAULTS,
  confidence: {
    rule: 'below',
    unit: 'entropy of the branch in nats',
    range: (classes) => [0, Math.log(classes)],
  },
  words: {
    ...classifierWords,
    labeller: 'the branch',
    learnt: (images) => `network and branches trained jointly on ${images}`,
    flattered: 'the images that trained network and branches flatter them',
    heldOut: 'the branches and the network were trained on them',
    gone: 'the network with its branches: what each makes of one image is computed',
  },
  hue: ['#b3246f', '#f58ac0'],
  cost: { passes: [], epoch: ['network', 'classifiers'], exits: ['classifiers'] },
  ownNetwork: true,
  load: () => import('./method.ts').then(({ branchynet }) => branchynet),
});
