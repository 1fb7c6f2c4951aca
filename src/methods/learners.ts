/** Every learner by its name. */
import type { LearnerFactory } from './contract/learner.ts';
import { jointLearner } from './parts/joint/learner.ts';
import { decisionLearner } from './bwds/decisions.ts';
import { autoencoderLearner } from './dec/autoencoder.ts';
import { centresLearner } from './dec/centres.ts';
import { refinementLearner } from './dec/refinement.ts';
import { linearLearner } from './parts/linear/learner.ts';

export const LEARNERS: Readonly<Record<string, LearnerFactory>> = {
  linear: linearLearner,
  decisions: decisionLearner,
  branchynet: jointLearner,
  'dec/autoencoder': autoencoderLearner,
  'dec/centres': centresLearner,
  'dec/refinement': refinementLearner,
};
