/**
 * From embeddings to what a trace needs. Clusters of different encoders bear unrelated numbers: each encoder is aligned to
 * DEC-large by co-occurrence, and ONE map takes DEC-large's clusters to classes (METHODS: Hungarian both times).
 */
import { alignTo, classOfClusters } from '../../core/clustering/align.ts';
import { distancesTo, meanDistances } from '../../core/clustering/distances.ts';
import type { ClusteringScores } from '../contract/clustering.ts';
import { scoresOf } from './score.ts';

export interface Embeddings {
  /** Of every exit: embeddings of all images [N, D]. */
  readonly of: readonly Float32Array[];
  readonly dimensions: number;
}

export interface Truth {
  readonly labels: Uint8Array;
  /** Names; their number is C. */
  readonly classes: readonly string[];
}

/** What the exits know, in one numbering: a place for every class, and for every cluster beyond them. */
export interface Judged {
  /** Names of the places, S = max(K, C). */
  readonly names: readonly string[];
  /** Which places hold a cluster [S]: 1 or 0. */
  readonly present: Uint32Array;
  /** Centres by place, exit after exit, each [S, D]; 0 where there is none. */
  readonly centres: Float32Array;
  /** m_j^k [M, S] over all images (E2CM, eq. 4); 0 where there is none. */
  readonly normaliser: Float64Array;
  /** Place of each cluster of each exit [M][K]. */
  readonly placeOf: readonly Uint8Array[];
  /** Images in each cluster at each exit, by place [M][S]. */
  readonly sizes: readonly Uint32Array[];
  /** Of every exit, over all images; null without true classes. */
  readonly scores: readonly ClusteringScores[] | null;
}

/**
 * @param centres of every exit [K, D], as it was trained.
 * @param truth null where no classes are known: places are then DEC-large's clusters, by falling size.
 */
export function judge(
  { of, dimensions }: Embeddings,
  centres: readonly Float32Array[],
  truth: Truth | null,
): Judged {
  const clusters = centres[0]!.length / dimensions;
  const distances = of.map((z, j) => distancesTo(z, centres[j]!, dimensions));
  const labels = distances.map((d) => nearest(d, clusters));
  const large = labels.at(-1)!;
  const classes = truth?.classes.length ?? clusters;
  const ofLarge = truth
    ? classOfClusters(large, truth.labels, clusters, classes)
    : bySize(large, clusters);
  const placeOf = labels.map((own, j) =>
    j === labels.length - 1
      ? ofLarge
      : alignTo(large, own, clusters).map((cluster) => ofLarge[cluster]!),
  );
  const places = Math.max(clusters, classes);
  const present = new Uint32Array(places);
  for (const place of ofLarge) present[place] = 1;
  const ordered = new Float32Array(of.length * places * dimensions);
  const normaliser = new Float64Array(of.length * places);
  const sizes = labels.map((own, j) => {
    const means = meanDistances(distances[j]!, clusters);
    const count = new Uint32Array(places);
    for (let c = 0; c < clusters; c++) {
      const place = placeOf[j]![c]!;
      const centre = centres[j]!.subarray(c * dimensions, (c + 1) * dimensions);
      ordered.set(centre, (j * places + place) * dimensions);
      normaliser[j * places + place] = means[c]!;
    }
    for (const label of own) count[placeOf[j]![label]!]!++;
    return count;
  });
  return {
    names: namesOf(truth?.classes ?? [], places),
    present,
    centres: ordered,
    normaliser,
    placeOf,
    sizes,
    scores: truth && labels.map((own) => scoresOf(own, clusters, truth.labels, classes)),
  };
}

/** Index of the nearest centre of every image, the first of equals: DEC's own assignment, argmax q. */
function nearest(distances: Float32Array, clusters: number): Uint8Array {
  return Uint8Array.from({ length: distances.length / clusters }, (_, i) => {
    let best = 0;
    for (let c = 1; c < clusters; c++)
      if (distances[i * clusters + c]! < distances[i * clusters + best]!) best = c;
    return best;
  });
}

/** Places of clusters when there are no classes to name them: the largest first. */
function bySize(labels: Uint8Array, clusters: number): Uint8Array {
  const count = new Uint32Array(clusters);
  for (const label of labels) count[label]!++;
  const order = [...count.keys()].sort((a, b) => count[b]! - count[a]! || a - b);
  const places = new Uint8Array(clusters);
  order.forEach((cluster, place) => (places[cluster] = place));
  return places;
}

/** Classes first; places beyond them have no class. */
function namesOf(classes: readonly string[], places: number): string[] {
  return Array.from({ length: places }, (_, place) => classes[place] ?? `cluster ${place + 1}`);
}
