/**
 * Opened predictions that are clusters. Their numbers mean nothing across exits: each exit's are matched to those of the last
 * by the images that they share, over all splits together, and those to the classes where there are some; as DEC's are
 * (METHODS §8).
 */
import { alignTo, classOfClusters } from '../../core/clustering/align.ts';
import { unlabelled } from '../../core/clustering/unlabelled.ts';
import { classIndices, type ClassIndices, type Trace } from '../../core/trace.ts';
import type { OpenedTrace } from './open.ts';

/** A clustering has no more: matching is cubic. */
const MOST_CLUSTERS = 256;

/**
 * @param classes names of the classes; null where they were counted.
 * @throws Error with a sentence when there are too many clusters to be matched.
 */
export function asClusters(
  opened: readonly OpenedTrace[],
  predicted: 'clusters' | 'unlabelled',
  classes: readonly string[] | null,
): OpenedTrace[] {
  const [first] = opened;
  if (!first) return [];
  const clusters = 1 + greatest(opened.map(({ trace }) => trace.prediction));
  const known = predicted === 'clusters' ? 1 + greatest(opened.map(({ trace }) => trace.label)) : 0;
  const all = Math.max(clusters, known, 2, predicted === 'clusters' ? (classes?.length ?? 0) : 0);
  if (all > MOST_CLUSTERS)
    throw new Error(`There are ${all} clusters or classes; at most ${MOST_CLUSTERS} are matched.`);
  const m = first.trace.exits.length;
  const pooled = (of: (trace: Trace) => ClassIndices): Uint8Array =>
    Uint8Array.from(opened.flatMap(({ trace }) => [...of(trace)]));
  const at = (j: number): Uint8Array =>
    pooled(({ prediction, count }) => prediction.subarray(j * count, (j + 1) * count));
  const last = at(m - 1);
  const named =
    predicted === 'clusters'
      ? classOfClusters(
          last,
          pooled(({ label }) => label),
          all,
          all,
        )
      : Uint8Array.from({ length: all }, (_, c) => c);
  const maps = first.trace.exits.map((_, j) =>
    (j === m - 1 ? Uint8Array.from({ length: all }, (_, c) => c) : alignTo(last, at(j), all)).map(
      (c) => named[c]!,
    ),
  );
  return opened.map((one) => ({
    ...one,
    trace: renumbered(one.trace, maps, all, predicted),
    scores: null,
  }));
}

function renumbered(
  trace: Trace,
  maps: readonly Uint8Array[],
  all: number,
  predicted: 'clusters' | 'unlabelled',
): Trace {
  const { count } = trace;
  const prediction = classIndices(trace.prediction.length, all);
  maps.forEach((map, j) => {
    for (let i = j * count; i < (j + 1) * count; i++) prediction[i] = map[trace.prediction[i]!]!;
  });
  const classes = Array.from({ length: all }, (_, c) => trace.classes[c] ?? `cluster ${c + 1}`);
  const { provenance } = trace;
  const made = { ...trace, classes, prediction, provenance: { ...provenance, meaning: predicted } };
  return predicted === 'unlabelled' ? unlabelled(made) : made;
}

function greatest(arrays: readonly ClassIndices[]): number {
  let most = 0;
  for (const array of arrays) for (const value of array) if (value > most) most = value;
  return most;
}
