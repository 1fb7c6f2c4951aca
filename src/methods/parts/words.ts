/** Words that methods with trained classifiers have in common. */
import type { MethodWords } from '../contract/about.ts';

export const classifierWords: MethodWords = {
  labeller: 'the internal classifier',
  learnt: (images) => `internal classifiers trained on ${images}`,
  flattered: 'the images that trained the classifiers flatter them',
  heldOut: 'they trained no classifier, but the network was trained on them',
  gone: 'the classifiers: what each makes of one image is computed',
  first: 'The features come',
};
