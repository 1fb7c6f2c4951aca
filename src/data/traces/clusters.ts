/**
 * Opened predictions that are clusters. Their numbers mean nothing across exits: each exit's are matched to those of the last
 * by the images that they share, over all splits together, and those to the classes where there are some; as DEC's are
 * (METHODS §8).
 */
import { alignTo, classOfClusters } from '../../core/clustering/align.ts';
import { unlabelled } from '../../core/clustering/unlabelled.ts';
import { GREATEST_HALF, toHalf } from '../../core/half.ts';
import type { Scores } from '../../core/kept-scores.ts';
import { classIndices, type ClassIndices, type Trace } from '../../core/trace.ts';

/** A clustering has no more: matching is cubic. */
const MOST_CLUSTERS = 256;

/** Traces whose clusters have names in common. */
interface Clustered {
  readonly traces: readonly Trace[];
  /** By exit: the name that each number stood for; a permutation. */
  readonly maps: readonly Uint8Array[];
}

/**
 * @param traces never none.
 * @param classes names of the classes; null where they were counted.
 * @throws Error with a sentence when there are too many clusters to be matched.
 */
export function asClusters(
  traces: readonly Trace[],
  predicted: 'clusters' | 'unlabelled',
  classes: readonly string[] | null,
): Clustered {
  const first = traces[0]!;
  const clusters = Math.max(
    1 + greatest(traces.map(({ prediction }) => prediction)),
    // What scores are of, predicted or not.
    ...traces.map(({ classes: of }) => of.length).filter((length) => length <= MOST_CLUSTERS),
  );
  const known = predicted === 'clusters' ? 1 + greatest(traces.map(({ label }) => label)) : 0;
  const all = Math.max(clusters, known, 2, predicted === 'clusters' ? (classes?.length ?? 0) : 0);
  if (all > MOST_CLUSTERS)
    throw new Error(`There are ${all} clusters or classes; at most ${MOST_CLUSTERS} are matched.`);
  const m = first.exits.length;
  const pooled = (of: (trace: Trace) => ClassIndices): Uint8Array =>
    Uint8Array.from(traces.flatMap((trace) => [...of(trace)]));
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
  const maps = first.exits.map((_, j) =>
    (j === m - 1 ? Uint8Array.from({ length: all }, (_, c) => c) : alignTo(last, at(j), all)).map(
      (c) => named[c]!,
    ),
  );
  return { traces: traces.map((trace) => renumbered(trace, maps, all, predicted)), maps };
}

/**
 * Rows of scores [images, clusters] of one exit in the order that `map` gives its clusters, `out.length / images` of them:
 * those that it does not score are as unlikely as can be.
 */
export function renumberedRows(rows: Scores, images: number, map: Uint8Array, out: Scores): Scores {
  const [from, to] = [rows.length / images, out.length / images];
  out.fill(toHalf(-GREATEST_HALF));
  for (let i = 0; i < images; i++)
    for (let c = 0; c < from; c++) out[i * to + map[c]!] = rows[i * from + c]!;
  return out;
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
