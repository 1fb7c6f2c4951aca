/** The example of docs/add-a-method.md: an image has the class whose mean output points most nearly where its own does. */
import { about } from '../contract/about.ts';
import { EXAMPLE_DEFAULTS, EXAMPLE_OPTIONS } from './options.ts';

export const example = about({
  id: 'example',
  name: 'Nearest angle',
  options: EXAMPLE_OPTIONS,
  defaults: EXAMPLE_DEFAULTS,
  confidence: {
    rule: 'above',
    unit: 'cosine of the nearest class mean less that of the second',
    range: () => [0, 2],
  },
  words: {
    labeller: 'the class mean at the smallest angle',
    learnt: (images) => `class means from ${images}`,
    flattered: 'the images that made the class means flatter them',
    heldOut: 'they made no class mean, but the network was trained on them',
    gone: 'the class means: angles to them are measured',
    first: 'The class means come',
  },
  hue: ['#8a4b12', '#e0a672'],
  cost: { passes: [[]], epoch: [], exits: ['distances'] },
  load: () => import('./method.ts').then(({ example }) => example),
});
