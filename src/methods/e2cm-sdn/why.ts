/** Why its exits are as sure as they are. */
import type { Why } from '../contract/reasons.ts';

export const why: Why = {
  says: 'A classifier and the class means judge every image, and the rule of agreement says when the two let it go.',
  formulas: [
    'classifier: max_k softmax(z) = c,  class means: max_k softmax(−d̂) = m',
    'both sure: c ≥ T and m ≥ U;  either sure: c ≥ T or m ≥ U',
    'same label: c ≥ T, where c counts as 0 if the class means name another class',
    'by label: T is T₁ where both name one class and T₀ where not;  c leaves where it is ≥ T',
  ],
};
