/** Why its exits are as sure as they are. */
import type { Why } from '../contract/reasons.ts';

export const why: Why = {
  says: 'A decision is trained at every exit for a price of mistakes: whether going on pays for this image. What classifiers and decisions see is our choice.',
  ours: 'What BWDS sees is our choice: classifiers see SDN’s feature reduction (mixed pooling to 4×4; global pooling is an option) where E2CM’s paper says “pooling and single linear layer”, decisions, logistic regressions, see the sorted softmax (ten at most) and its entropy.',
  formulas: [
    'z = linear layer on the map, pooled as for SDN, α·max + (1 − α)·mean in 4×4 areas; as an option the mean of every channel',
    'decision of λ: w·s + b ≥ 0, a logistic regression,  s: p = softmax(z) in falling order, ten at most, and its entropy',
    'leaving costs λ where the exit is wrong and the network right, else 0',
    'going on costs the relative FLOPs to where it leaves, and λ if it is wrong there and the network right',
    'confidence = the λ up to which the decisions let it go,  leaves where it is ≥ T',
  ],
};
