/** Internal classifiers as arrays. */
import type { Arrays } from '../../contract/arrays.ts';
import type { LinearWeights } from '../linear/settings.ts';

/** Weights of classifiers by the numbers of their sites, as kernels and files take them. */
export function arraysOf(classifiers: readonly LinearWeights[]): Arrays {
  const arrays: Arrays = {};
  classifiers.forEach(({ weights, bias, alpha }, s) => {
    arrays[`weights${s}`] = weights;
    arrays[`bias${s}`] = bias;
    arrays[`alpha${s}`] = Float32Array.of(alpha);
  });
  return arrays;
}
