/** SDN in a worker. */
import { defineKernel } from '../contract/kernel.ts';
import { defineLearner } from '../contract/learner.ts';
import { featuresKernel, outputsKernel } from '../parts/classifiers/kernels.ts';
import { linearLearner, type Linear } from '../parts/linear/learner.ts';

export const kernels = {
  features: defineKernel(featuresKernel),
  outputs: defineKernel(outputsKernel),
};

export const learners = {
  linear: defineLearner<Linear>(linearLearner),
};
