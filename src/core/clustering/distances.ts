/** Distances to cluster centres, with which Algorithm 1's exits decide. */
import { rowsOf } from './shape.ts';

/**
 * Euclidean distance of each image to each centre.
 * @param z embedding [N, D].
 * @param centres [K, D].
 * @returns [N, K] row-major.
 * @throws Error when an array does not fill its rows.
 */
export function distancesTo(
  z: Float32Array,
  centres: Float32Array,
  dimensions: number,
): Float32Array {
  const count = rowsOf(z, dimensions, 'The embedding');
  const clusters = rowsOf(centres, dimensions, 'The array of centres');
  const distances = new Float32Array(count * clusters);
  for (let i = 0, out = 0; i < count; i++)
    for (let j = 0, at = 0; j < clusters; j++, out++) {
      let sum = 0;
      for (let d = 0; d < dimensions; d++, at++) {
        const delta = z[i * dimensions + d]! - centres[at]!;
        sum += delta * delta;
      }
      distances[out] = Math.sqrt(sum);
    }
  return distances;
}

/**
 * Mean distance to each centre over all images, whatever their cluster (E2CM eq. 4), which distances are divided by.
 * @param distances [N, K].
 * @returns [K]; 0 when there are no images, and where all images lie on the centre — a caller that divides must
 *   look out for it.
 * @throws Error when distances do not fill their rows.
 */
export function meanDistances(distances: Float32Array, clusters: number): Float64Array {
  const count = rowsOf(distances, clusters, 'The table of distances');
  const means = new Float64Array(clusters);
  if (count === 0) return means;
  for (let at = 0; at < distances.length;)
    for (let j = 0; j < clusters; j++) means[j]! += distances[at++]!;
  for (let j = 0; j < clusters; j++) means[j]! /= count;
  return means;
}
