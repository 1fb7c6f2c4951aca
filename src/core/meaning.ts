/** What the labels of a trace stand for. */
import { show } from './read.ts';
import type { Provenance } from './trace.ts';

const MEANINGS = ['classes', 'agreement', 'clusters', 'unlabelled'] as const;

/**
 * `classes` — predictions name classes, labels are the true ones;
 * `agreement` — predictions name classes, no true class is known, and labels are what the last exit predicts;
 * `clusters` — predictions are clusters that are matched to classes, labels are the true ones;
 * `unlabelled` — predictions are clusters, no class is known, and labels are the clusters of the last exit.
 */
export type Meaning = (typeof MEANINGS)[number];

/** What a trace, or a recorded run, says; of those written before they said it, what follows from their options. */
export function meaningOf({ provenance }: { readonly provenance: Provenance }): Meaning {
  const { meaning, options } = provenance;
  if (meaning) return meaning;
  if (options.labelled === false) return 'unlabelled';
  return 'clustered' in options ? 'clusters' : 'classes';
}

/** Whether predictions are clusters, matched to classes or not. */
export const isClustering = (of: { readonly provenance: Provenance }): boolean =>
  ['clusters', 'unlabelled'].includes(meaningOf(of));

/** @throws Error with a sentence when it is none. */
export function readMeaning(value: unknown, field: string): Meaning {
  const meaning = MEANINGS.find((one) => one === value);
  if (!meaning) throw new Error(`${field} is ${show(value)}; expected ${MEANINGS.join(', ')}.`);
  return meaning;
}
