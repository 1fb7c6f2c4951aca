/** Every learner by its name. */
import type { LearnerFactory } from './contract.ts';
import { jointLearner } from './branchynet/joint/learner.ts';
import { decisionLearner } from './bwds/decisions.ts';
import { linearLearner } from './linear/learner.ts';

export const LEARNERS: Readonly<Record<string, LearnerFactory>> = {
  linear: linearLearner,
  decisions: decisionLearner,
  branchynet: jointLearner,
};
