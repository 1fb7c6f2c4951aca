/** Lloyd's iteration from given centres; `kmeans.ts` chooses them. */

/** What one run of k-means found. */
export interface Centres {
  /** [K, D] row-major. */
  readonly centres: Float32Array;
  /** Nearest of those centres for each point; the lowest number wins a tie. */
  readonly labels: Uint8Array;
  /** Sum of squared distances of the points to their centres. */
  readonly inertia: number;
  readonly iterations: number;
  /** How often an empty cluster was given the point farthest from its centre. */
  readonly refilled: number;
}

const mostIterations = 100;
/** Relative decrease of the inertia below which another iteration is not worth it. */
const tolerance = 1e-6;

/**
 * Moves each centre to the mean of the points nearest to it until no label changes, the inertia falls by less than
 * 1e-6 of itself, or 100 iterations are done.
 *
 * A cluster that runs empty is given the point farthest from its centre, which never makes the inertia worse. Where
 * every point already lies on a centre — fewer distinct points than clusters — it stays empty and keeps its place.
 *
 * Most points are compared with their own centre only, by Hamerly's bound (2010, "Making k-means even faster"): the
 * other centres were at least so far, and have moved by at most so much. The labels are those of a full search.
 *
 * @param points [N, D] finite, row-major.
 * @param start [K, D], K from 1 to 256; not changed.
 */
export function lloyd(points: Float32Array, dimensions: number, start: Float32Array): Centres {
  const count = points.length / dimensions;
  const clusters = start.length / dimensions;
  // Rounded to float32 at every step, so that the labels are nearest to the very centres that are returned.
  const centres = Float32Array.from(start);
  const state: State = {
    points,
    dimensions,
    centres,
    labels: new Uint8Array(count),
    distances: new Float64Array(count),
    others: new Float64Array(count).fill(-Infinity),
    sizes: new Uint32Array(clusters),
    sums: new Float64Array(start.length),
    steps: new Float64Array(clusters),
  };
  let previous = Infinity;
  let refilled = 0;
  for (let iterations = 1; ; iterations++) {
    const changed = toNearest(state);
    let inertia = 0;
    for (const distance of state.distances) inertia += distance;
    const last = iterations === mostIterations;
    const moved = last ? 0 : refill(state);
    const settled = iterations > 1 && (!changed || previous - inertia <= tolerance * previous);
    if (last || (moved === 0 && settled))
      return { centres, labels: state.labels, inertia, iterations, refilled };
    refilled += moved;
    previous = inertia;
    toMeans(state);
  }
}

interface State {
  /** [N, D] and [K, D]. */
  readonly points: Float32Array;
  readonly dimensions: number;
  readonly centres: Float32Array;
  /** Centre of each point. */
  readonly labels: Uint8Array;
  /** Squared distance of each point to its centre. */
  readonly distances: Float64Array;
  /** A distance (not squared) that no other centre is nearer than. */
  readonly others: Float64Array;
  /** Points of each cluster, and their sums [K, D]. */
  readonly sizes: Uint32Array;
  readonly sums: Float64Array;
  /** How far each centre moved at the last step. */
  readonly steps: Float64Array;
}

/** Rounding may take this share off a bound: nearer than that, a full search decides. */
const margin = 1 - 1e-9;

/** Labels each point with its nearest centre and notes the squared distance; says whether any label changed. */
function toNearest(state: State): boolean {
  const { points, dimensions, labels, distances, others, sizes, steps } = state;
  const places = Float64Array.from(state.centres);
  const { first, widest, second } = widestSteps(steps);
  let changed = false;
  sizes.fill(0);
  for (let i = 0; i < labels.length; i++) {
    const before = labels[i]!;
    const own = squaredDistance(points, i, places, before, dimensions);
    const bound = (others[i]! - (before === first ? second : widest)) * margin;
    if (bound > 0 && own < bound * bound) {
      others[i] = bound;
      distances[i] = own;
      sizes[before]!++;
      continue;
    }
    let nearest = Infinity;
    let next = Infinity;
    let label = 0;
    for (let c = 0; c < sizes.length; c++) {
      const distance = c === before ? own : squaredDistance(points, i, places, c, dimensions);
      if (distance < nearest) {
        next = nearest;
        nearest = distance;
        label = c;
      } else if (distance < next) next = distance;
    }
    others[i] = Math.sqrt(next);
    distances[i] = nearest;
    labels[i] = label;
    sizes[label]!++;
    if (label !== before) changed = true;
  }
  return changed;
}

/** The widest step of any centre, whose it was, and the widest of the rest. */
function widestSteps(steps: Float64Array): { first: number; widest: number; second: number } {
  let first = -1;
  let widest = 0;
  let second = 0;
  for (let c = 0; c < steps.length; c++) {
    if (steps[c]! > widest) {
      second = widest;
      widest = steps[c]!;
      first = c;
    } else if (steps[c]! > second) second = steps[c]!;
  }
  return { first, widest, second };
}

/** Gives each empty cluster the point farthest from its centre; returns how many were given one. */
function refill({ labels, distances, others, sizes }: State): number {
  let moved = 0;
  for (let c = 0; c < sizes.length; c++) {
    if (sizes[c]! > 0) continue;
    let farthest = -1;
    let most = 0;
    for (let i = 0; i < labels.length; i++)
      if (distances[i]! > most && sizes[labels[i]!]! > 1) {
        most = distances[i]!;
        farthest = i;
      }
    if (farthest < 0) break;
    sizes[labels[farthest]!]!--;
    sizes[c] = 1;
    labels[farthest] = c;
    distances[farthest] = 0;
    // The centre that it leaves was nearer than the bound said of the others.
    others[farthest] = -Infinity;
    moved++;
  }
  return moved;
}

/** Moves each centre to the mean of its points; one without points stays. */
function toMeans({ points, dimensions, centres, labels, sizes, sums, steps }: State): void {
  sums.fill(0);
  for (let i = 0, from = 0; i < labels.length; i++) {
    const to = labels[i]! * dimensions;
    for (let d = 0; d < dimensions; d++, from++) sums[to + d]! += points[from]!;
  }
  for (let c = 0, at = 0; c < sizes.length; c++) {
    let step = 0;
    for (let d = 0; d < dimensions; d++, at++) {
      const before = centres[at]!;
      if (sizes[c]! > 0) centres[at] = sums[at]! / sizes[c]!;
      step += (centres[at]! - before) ** 2;
    }
    steps[c] = Math.sqrt(step);
  }
}

/** Two running sums: one would make each addition wait for the last. */
function squaredDistance(
  points: Float32Array,
  i: number,
  places: Float64Array,
  c: number,
  dimensions: number,
): number {
  let even = 0;
  let odd = 0;
  let a = i * dimensions;
  let b = c * dimensions;
  for (const end = a + dimensions - 1; a < end; a += 2, b += 2) {
    const x = points[a]! - places[b]!;
    const y = points[a + 1]! - places[b + 1]!;
    even += x * x;
    odd += y * y;
  }
  if (dimensions % 2 === 1) even += (points[a]! - places[b]!) ** 2;
  return even + odd;
}
