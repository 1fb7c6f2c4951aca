/** BWDS in a worker. */
import { defineKernel } from '../contract/kernel.ts';
import { defineLearner } from '../contract/learner.ts';
import { featuresKernel, outputsKernel } from '../parts/classifiers/kernels.ts';
import { linearLearner, type Linear } from '../parts/linear/learner.ts';
import { decisionLearner, type Decided } from './decisions.ts';
import { averageFeaturesKernel, averageOutputsKernel } from './kernels.ts';

export const kernels = {
  globalFeatures: defineKernel(averageFeaturesKernel),
  globalOutputs: defineKernel(averageOutputsKernel),
  mixedFeatures: defineKernel(featuresKernel),
  mixedOutputs: defineKernel(outputsKernel),
};

export const learners = {
  linear: defineLearner<Linear>(linearLearner),
  decisions: defineLearner<Decided>(decisionLearner),
};
