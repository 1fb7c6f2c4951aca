import { useMemo } from 'react';
import type { Trace } from '../../core/trace.ts';
import { nameOf, useNames } from '../../state/unsupervised/names.ts';

/** What the labels of a trace are called: of a clustering, by the names that a person has given to clusters. */
export function useClusterNames({
  method,
  dataset,
  classes,
}: Pick<Trace, 'method' | 'dataset' | 'classes'>): readonly string[] {
  const names = useNames();
  return useMemo(
    () => (method === 'dec' ? classes.map((cluster) => nameOf(names, dataset, cluster)) : classes),
    [method, dataset, classes, names],
  );
}
