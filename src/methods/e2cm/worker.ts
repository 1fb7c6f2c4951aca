/** E2CM in a worker. */
import { defineJudge } from '../contract/judge.ts';
import { defineKernel } from '../contract/kernel.ts';
import { meansJudge } from '../parts/means/judge.ts';
import { distancesKernel, sumsKernel } from '../parts/means/kernels.ts';

export const kernels = {
  sums: defineKernel(sumsKernel),
  distances: defineKernel(distancesKernel),
};

export const judge = defineJudge(meansJudge);
