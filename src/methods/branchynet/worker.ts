/** BranchyNet in a worker. */
import { defineKernel } from '../contract/kernel.ts';
import { defineLearner } from '../contract/learner.ts';
import { branchLogitsKernel } from '../parts/branches/kernels.ts';
import { jointLearner, type Joint } from '../parts/joint/learner.ts';

export const kernels = {
  logits: defineKernel(branchLogitsKernel),
};

export const learners = {
  joint: defineLearner<Joint>(jointLearner),
};
