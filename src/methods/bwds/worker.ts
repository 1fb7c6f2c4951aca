/** BWDS in a worker. */
import { defineKernel } from '../contract/kernel.ts';
import { defineLearner } from '../contract/learner.ts';
import { linearLearner, type Linear } from '../parts/linear/learner.ts';
import { decisionLearner, type Decided } from './decisions.ts';
import { averageFeaturesKernel, averageOutputsKernel } from './kernels.ts';

export const kernels = {
  features: defineKernel(averageFeaturesKernel),
  outputs: defineKernel(averageOutputsKernel),
};

export const learners = {
  linear: defineLearner<Linear>(linearLearner),
  decisions: defineLearner<Decided>(decisionLearner),
};
