/** Why its exits are as sure as they are. */
import type { Why } from '../contract/reasons.ts';

export const why: Why = {
  says: 'A jointly trained branch and the class means judge every image, and the rule of agreement says when the two let it go.',
  formulas: [
    'branch: ln K + Σ_k p_k · ln p_k,  class means: max_k softmax(−d̂)',
    'each as its rank among the training images, 0 … 1',
    'confidence = min(both) or max(either), or the branch’s own where both name one class;  leaves where it is ≥ T',
  ],
};
