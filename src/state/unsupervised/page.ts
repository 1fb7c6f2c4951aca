/** The Unsupervised page in the address. */
import { pageWith } from '../address/page.ts';
import { fieldOf } from '../address/property.ts';
import { identifier, integer, list, oneOf, text } from '../address/values.ts';
import { MAX_IMAGES, MAX_SEED, sources } from '../settings.ts';
import { CLUSTER_LIMITS, useClusters, type ClusterChoices } from './choices.ts';

const choice = fieldOf<ClusterChoices>();

type Numbers = {
  readonly [
    Key in keyof ClusterChoices as ClusterChoices[Key] extends number ? Key : never
  ]: ClusterChoices[Key];
};

const whole = (key: string, name: keyof Numbers, from: number, to: number) =>
  choice(key, name, `a whole number from ${from} to ${to}`, integer(from, to), text);

export const unsupervisedPage = pageWith('unsupervised', useClusters, [
  choice('c-data', 'dataset', 'a dataset id', identifier, text),
  choice('c-start', 'start', 'trained or fresh', oneOf(['trained', 'fresh'] as const), text),
  choice('c-from', 'source', list(sources), oneOf(sources), text),
  whole('c-train', 'trainImages', 0, MAX_IMAGES),
  whole('c-test', 'testImages', 0, MAX_IMAGES),
  whole('c-k', 'clusters', 0, CLUSTER_LIMITS.clusters[1]),
  whole('c-epochs', 'epochs', ...CLUSTER_LIMITS.epochs),
  whole('c-steps', 'refineSteps', ...CLUSTER_LIMITS.refineSteps),
  whole('c-interval', 'interval', ...CLUSTER_LIMITS.interval),
  whole('c-batch', 'batch', ...CLUSTER_LIMITS.batch),
  whole('c-refine-batch', 'refineBatch', ...CLUSTER_LIMITS.refineBatch),
  whole('c-seed', 'seed', 0, MAX_SEED),
  choice(
    'c-classes',
    'labelled',
    'yes or no',
    (given) => (given === 'yes' ? true : given === 'no' ? false : undefined),
    (labelled) => (labelled ? 'yes' : 'no'),
  ),
]);
