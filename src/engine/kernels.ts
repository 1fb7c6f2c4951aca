/** Kernels of the engine's own, which no method has. */
import { defineKernel } from '../methods/contract/kernel.ts';
import { branchLogitsKernel } from '../methods/parts/branches/kernels.ts';
import { outputsKernel } from '../methods/parts/outputs.ts';

export const kernels = {
  outputs: defineKernel(outputsKernel),
  branches: defineKernel(branchLogitsKernel),
};
