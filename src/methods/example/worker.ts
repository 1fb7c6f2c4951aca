/** What runs in a worker. */
import { defineKernel } from '../contract/kernel.ts';
import { sumsKernel } from '../parts/means/kernels.ts';
import { cosinesKernel } from './cosines.ts';

export const kernels = {
  sums: defineKernel(sumsKernel),
  cosines: defineKernel(cosinesKernel),
};
