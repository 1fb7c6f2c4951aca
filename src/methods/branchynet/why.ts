/** Why its exits are as sure as they are. */
import type { Why } from '../contract/reasons.ts';

export const why: Why = {
  says: 'Branches are trained jointly with the network, and a branch is the surer, the less its probabilities are spread.',
  formulas: ['entropy = −Σ_k p_k · ln p_k,  p = softmax of the branch', 'leaves where it is < T'],
};
