/** Why its exits are as sure as they are. */
import type { Why } from '../contract/reasons.ts';

export const why: Why = {
  says: 'A small classifier at every exit is trained on the frozen network, and is as sure as its largest probability.',
  formulas: [
    'confidence = max_k softmax(z),  z: the classifier’s outputs',
    'leaves where it is ≥ T',
  ],
};
