/** Why its exits are as sure as they are. */
import type { Why } from '../contract/reasons.ts';

export const why: Why = {
  says: 'Encoders of growing depth share their clusters, and an exit is the surer, the more one cluster’s centre stands out as near.',
  formulas: [
    'q_k ∝ 1 / (1 + ‖z − μ_k‖²),  trained towards q_k² / Σ q_k (DEC)',
    'confidence = max_k softmax(−‖z − μ_k‖ / m_k),  leaves where it is > T',
  ],
};
