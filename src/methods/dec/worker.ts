/** DEC in a worker. */
import { defineKernel } from '../contract/kernel.ts';
import { defineLearner } from '../contract/learner.ts';
import { branchLogitsKernel } from '../parts/branches/kernels.ts';
import { outputsKernel } from '../parts/outputs.ts';
import { autoencoderLearner, type Autoencoder } from './autoencoder.ts';
import { centresLearner, type Centres } from './centres.ts';
import { refinementLearner, type Refinement } from './refinement.ts';

export const kernels = {
  embeddings: defineKernel(branchLogitsKernel),
  layers: defineKernel(outputsKernel),
};

export const learners = {
  autoencoder: defineLearner<Autoencoder>(autoencoderLearner),
  centres: defineLearner<Centres>(centresLearner),
  refinement: defineLearner<Refinement>(refinementLearner),
};
