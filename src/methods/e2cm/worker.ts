/** E2CM in a worker. */
import { defineKernel } from '../contract/kernel.ts';
import { distancesKernel, sumsKernel } from '../parts/means/kernels.ts';

export const kernels = {
  sums: defineKernel(sumsKernel),
  distances: defineKernel(distancesKernel),
};
