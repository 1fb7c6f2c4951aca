/** E2CM+SDN in a worker. */
import { defineKernel } from '../contract/kernel.ts';
import { defineLearner } from '../contract/learner.ts';
import { linearLearner, type Linear } from '../parts/linear/learner.ts';
import { siteFeaturesKernel, siteOutputsKernel, siteSumsKernel } from './kernels.ts';

export const kernels = {
  sums: defineKernel(siteSumsKernel),
  features: defineKernel(siteFeaturesKernel),
  outputs: defineKernel(siteOutputsKernel),
};

export const learners = {
  linear: defineLearner<Linear>(linearLearner),
};
