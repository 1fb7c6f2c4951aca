/** Internal classifiers as arrays. */
import type { LinearWeights } from '../linear/settings.ts';

/** Of site s: `weights{s}` [inputs, K], `bias{s}` [K], `alpha{s}` [1]. */
export type Classifiers = {
  readonly [of: `${'weights' | 'bias' | 'alpha'}${number}`]: Float32Array;
};

/** Weights of classifiers by the numbers of their sites, as kernels and files take them. */
export function arraysOf(classifiers: readonly LinearWeights[]): Classifiers {
  const arrays: Record<keyof Classifiers, Float32Array> = {};
  classifiers.forEach(({ weights, bias, alpha }, s) => {
    arrays[`weights${s}`] = weights;
    arrays[`bias${s}`] = bias;
    arrays[`alpha${s}`] = Float32Array.of(alpha);
  });
  return arrays;
}
