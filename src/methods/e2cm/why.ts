/** Why its exits are as sure as they are. */
import type { Why } from '../contract/reasons.ts';

export const why: Why = {
  says: 'An exit has the mean output of every class, and is the surer, the more one of them stands out as near.',
  formulas: [
    'c_k = mean of x over the training images of class k',
    'd̂_k = ‖x − c_k‖ / m_k,  m_k = mean of ‖x − c_k‖ over all training images',
    'confidence = max_k softmax(−d̂),  leaves where it is > T',
  ],
};
