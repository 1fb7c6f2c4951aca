/** The Unsupervised page in the address. */
import { optionProperties } from '../address/options.ts';
import { pageWith } from '../address/page.ts';
import { fieldOf } from '../address/property.ts';
import { identifier, list, oneOf, text } from '../address/values.ts';
import { sources } from '../settings.ts';
import { clusterOptions, useClusters, type ClusterChoices } from './choices.ts';

const choice = fieldOf<ClusterChoices>();

export const unsupervisedPage = pageWith('unsupervised', useClusters, [
  choice('c-data', 'dataset', 'a dataset id', identifier, text),
  choice('c-start', 'start', 'trained or fresh', oneOf(['trained', 'fresh'] as const), text),
  choice('c-from', 'source', list(sources), oneOf(sources), text),
  ...optionProperties<ClusterChoices>(
    clusterOptions,
    'c-',
    (choices) => choices,
    (choices, change) => ({ ...choices, ...change }),
  ),
]);
