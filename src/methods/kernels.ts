/** Every kernel by its name: the worker's side of the registry. */
import type { KernelFactory } from './contract/kernel.ts';
import { branchLogitsKernel } from './parts/branches/kernels.ts';
import { averageFeaturesKernel, averageOutputsKernel } from './bwds/kernels.ts';
import { distancesKernel, sumsKernel } from './parts/means/kernels.ts';
import { branchPairKernel, branchSumsKernel } from './e2cm-branchynet/kernels.ts';
import { siteFeaturesKernel, siteOutputsKernel, siteSumsKernel } from './e2cm-sdn/kernels.ts';
import { outputsOnlyKernel } from './parts/outputs.ts';
import { featuresKernel, outputsKernel } from './parts/classifiers/kernels.ts';

export const KERNELS: Readonly<Record<string, KernelFactory>> = {
  outputs: outputsOnlyKernel,
  'e2cm/sums': sumsKernel,
  'e2cm/distances': distancesKernel,
  'sdn/features': featuresKernel,
  'sdn/outputs': outputsKernel,
  'e2cm-sdn/sums': siteSumsKernel,
  'e2cm-sdn/features': siteFeaturesKernel,
  'e2cm-sdn/outputs': siteOutputsKernel,
  'branchynet/logits': branchLogitsKernel,
  'e2cm-branchynet/sums': branchSumsKernel,
  'e2cm-branchynet/outputs': branchPairKernel,
  'bwds/features': averageFeaturesKernel,
  'bwds/outputs': averageOutputsKernel,
};
