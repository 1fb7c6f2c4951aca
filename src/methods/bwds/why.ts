/** Why its exits are as sure as they are. */
import type { Why } from '../contract/reasons.ts';

export const why: Why = {
  says: 'A decision is trained at every exit for a price of mistakes: whether going on pays for this image.',
  formulas: [
    'leaving costs λ where the exit is wrong and the network right, else 0',
    'going on costs the relative FLOPs to where it leaves, and λ if it is wrong there and the network right',
    'confidence = the λ up to which the decisions let it go,  leaves where it is ≥ T',
  ],
};
