/** E2CM+BranchyNet in a worker. */
import { defineKernel } from '../contract/kernel.ts';
import { defineLearner } from '../contract/learner.ts';
import { jointLearner, type Joint } from '../parts/joint/learner.ts';
import { branchPairKernel, branchSumsKernel } from './kernels.ts';

export const kernels = {
  sums: defineKernel(branchSumsKernel),
  outputs: defineKernel(branchPairKernel),
};

export const learners = {
  joint: defineLearner<Joint>(jointLearner),
};
