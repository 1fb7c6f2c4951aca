/** A clustering's trace without true classes. */
import { meaningOf } from '../meaning.ts';
import type { Trace } from '../trace.ts';

/** Options that only a look at the true classes gives. */
const MEASURED = new Set(['accuracyOfAll', 'nmiOfAll', 'ariOfAll']);

/** Whether a trace's labels are true classes; without, they are the clusters of its last exit. */
export function isLabelled(trace: Pick<Trace, 'provenance'>): boolean {
  return meaningOf(trace) !== 'unlabelled';
}

/**
 * The same decisions as they look when no class is known: an image counts as right where it leaves with the cluster of the
 * last exit, clusters bear numbers for names, and what was measured with classes is gone.
 */
export function unlabelled(trace: Trace): Trace {
  const from = (trace.exits.length - 1) * trace.count;
  const { options } = trace.provenance;
  const kept = Object.entries(options).filter(([name]) => !MEASURED.has(name));
  return {
    ...trace,
    classes: trace.classes.map((_, c) => `cluster ${c + 1}`),
    label: trace.prediction.slice(from, from + trace.count),
    provenance: {
      ...trace.provenance,
      meaning: 'unlabelled',
      options: { ...Object.fromEntries(kept), labelled: false },
    },
  };
}
