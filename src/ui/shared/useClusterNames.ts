import { useMemo } from 'react';
import { meaningOf } from '../../core/meaning.ts';
import type { Trace } from '../../core/trace.ts';
import { all } from './all.ts';
import { nameOf, useNames } from '../../state/unsupervised/names.ts';

/** What the labels of a trace are called: of a clustering, by the names that a person has given to clusters. */
export function useClusterNames({
  provenance,
  dataset,
  classes,
}: Pick<Trace, 'provenance' | 'dataset' | 'classes'>): readonly string[] {
  const names = useNames(all);
  const meaning = meaningOf({ provenance });
  return useMemo(
    () =>
      meaning === 'classes' || meaning === 'agreement'
        ? classes
        : classes.map((cluster) => nameOf(names, dataset, cluster)),
    [meaning, dataset, classes, names],
  );
}
