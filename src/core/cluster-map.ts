/** Which images stand in which cluster, by the exit where they leave: the cluster map without its pictures. */
import type { Arrangement } from './arrange.ts';
import type { Outcome } from './replay.ts';
import type { Trace } from './trace.ts';

/**
 * Groups arranged images by the cluster that they leave with and, within it, by the exit where they leave; in both they keep
 * their order. Counting sort, O(N + K·M).
 * @returns images of cluster c that leave at exit j at [start[c·M + j], start[c·M + j + 1]).
 */
export function byCluster(
  { count, prediction, classes, exits }: Trace,
  { exitOf }: Outcome,
  { images: arranged }: Arrangement,
): Arrangement {
  const m = exits.length;
  const cell = (image: number): number => {
    const exit = exitOf[image]!;
    return prediction[exit * count + image]! * m + exit;
  };
  const start = new Uint32Array(classes.length * m + 1);
  for (const image of arranged) start[cell(image) + 1]!++;
  for (let c = 1; c < start.length; c++) start[c]! += start[c - 1]!;
  const next = start.slice();
  const images = new Uint32Array(arranged.length);
  for (const image of arranged) images[next[cell(image)]!++] = image;
  return { images, start };
}

/** The images of one cluster by exit. */
export function ofCluster(map: Arrangement, cluster: number, exits: number): Arrangement {
  return {
    images: map.images,
    start: map.start.subarray(cluster * exits, (cluster + 1) * exits + 1),
  };
}

/** How many of the images in each cell of the map are wrong where they leave [K·M]. */
export function wrongInCells(
  { count, label, prediction, exits }: Trace,
  { images, start }: Arrangement,
): Uint32Array {
  const wrong = new Uint32Array(start.length - 1);
  for (let cell = 0; cell < wrong.length; cell++) {
    const from = (cell % exits.length) * count;
    for (let at = start[cell]!; at < start[cell + 1]!; at++)
      if (prediction[from + images[at]!] !== label[images[at]!]) wrong[cell]!++;
  }
  return wrong;
}

/** The clusters in which some exit puts some image, whatever the policy. */
export function clustersIn({ prediction, classes }: Trace): number[] {
  const isThere = new Uint8Array(classes.length);
  for (const cluster of prediction) isThere[cluster] = 1;
  return [...isThere.keys()].filter((cluster) => isThere[cluster]);
}
