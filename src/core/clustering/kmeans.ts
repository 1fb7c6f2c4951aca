/** k-means with k-means++ starts (Arthur & Vassilvitskii 2007) and restarts, one at a time so that a page can breathe. */
import { mixSeeds, randomFrom, type Random } from '../random.ts';
import { lloyd, type Centres } from './lloyd.ts';
import { rowsOf } from './shape.ts';

export type { Centres } from './lloyd.ts';

/**
 * The restarts of one k-means problem. The nth restart depends on the seed and n only, so stopping early and going on
 * later find the same.
 *
 * With fewer distinct points than clusters, centres repeat and the repeated ones hold nothing: constant points give
 * K equal centres, label 0 everywhere and inertia 0.
 */
export class KMeans {
  private readonly points: Float32Array;
  private readonly dimensions: number;
  private readonly clusters: number;
  private readonly seed: number;
  private restarts = 0;
  private found: Centres | null = null;

  /**
   * @param points [N, D] row-major; kept, not copied.
   * @throws Error when clusters are not 2 to 256, points are fewer than clusters, do not fill rows of D numbers, or
   *   one is not finite.
   */
  constructor(points: Float32Array, dimensions: number, clusters: number, seed: number) {
    if (!Number.isInteger(clusters) || clusters < 2 || clusters > 256)
      throw new Error(`k-means was asked for ${clusters} clusters; expected 2 to 256.`);
    const count = rowsOf(points, dimensions, 'The embedding');
    if (count < clusters)
      throw new Error(
        `There are ${count} images, fewer than the ${clusters} clusters asked for; take more images or fewer clusters.`,
      );
    const broken = points.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0)
      throw new Error(
        `The embedding of image ${Math.floor(broken / dimensions)} holds ${points[broken]}; k-means needs finite numbers (has the training diverged?).`,
      );
    this.points = points;
    this.dimensions = dimensions;
    this.clusters = clusters;
    this.seed = seed;
  }

  /** The restart of least inertia so far; null before the first. */
  get best(): Centres | null {
    return this.found;
  }

  /** One more restart; returns the best so far. The earlier one stays when inertias are equal. */
  restart(): Centres {
    const random = randomFrom(mixSeeds(this.seed, this.restarts++));
    const start = spreadStart(this.points, this.dimensions, this.clusters, random);
    const run = lloyd(this.points, this.dimensions, start);
    if (!this.found || run.inertia < this.found.inertia) this.found = run;
    return this.found;
  }
}

/** k-means++: each further start is a point drawn in proportion to its squared distance from the starts before. */
function spreadStart(
  points: Float32Array,
  dimensions: number,
  clusters: number,
  random: Random,
): Float32Array {
  const count = points.length / dimensions;
  const start = new Float32Array(clusters * dimensions);
  const distances = new Float64Array(count).fill(Infinity);
  let chosen = Math.floor(random() * count);
  for (let c = 0; ; c++) {
    const to = c * dimensions;
    const from = chosen * dimensions;
    for (let d = 0; d < dimensions; d++) start[to + d] = points[from + d]!;
    if (c === clusters - 1) return start;
    let total = 0;
    for (let i = 0, at = 0; i < count; i++) {
      let distance = 0;
      for (let d = 0; d < dimensions; d++, at++) {
        const delta = points[at]! - start[to + d]!;
        distance += delta * delta;
      }
      if (distance < distances[i]!) distances[i] = distance;
      total += distances[i]!;
    }
    chosen = draw(distances, random() * total);
  }
}

/** The first index at which the running sum of the weights exceeds `mark`; when all weights are 0, index 0. */
function draw(weights: Float64Array, mark: number): number {
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i]!;
    last = i;
    if (sum > mark) break;
  }
  return last;
}
