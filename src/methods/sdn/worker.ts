/** SDN in a worker. */
import { defineJudge } from '../contract/judge.ts';
import { defineKernel } from '../contract/kernel.ts';
import { defineLearner } from '../contract/learner.ts';
import { sdnJudge } from '../parts/classifiers/judge.ts';
import { featuresKernel, outputsKernel } from '../parts/classifiers/kernels.ts';
import { linearLearner, type Linear } from '../parts/linear/learner.ts';

export const kernels = {
  features: defineKernel(featuresKernel),
  outputs: defineKernel(outputsKernel),
};

export const learners = {
  linear: defineLearner<Linear>(linearLearner),
};

export const judge = defineJudge(sdnJudge);
