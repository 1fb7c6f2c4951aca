/** Which images stand under which exit, in which order: the exit map without its pictures. */
import type { Outcome } from './replay.ts';
import { tookTurn, type Turn } from './room.ts';
import type { ExitOrder } from './search/order.ts';
import type { Trace } from './trace.ts';

/** What an image must be to be shown; null or undefined asks nothing. */
export interface ImageFilter {
  readonly truth?: number | null;
  /** Right or wrong where the image leaves. */
  readonly right?: boolean | null;
  /** What leaving there means for it. */
  readonly turn?: Turn | null;
  /** In this cell of the confusion matrix of one exit. */
  readonly cell?: {
    readonly exit: number;
    readonly truth: number;
    readonly predicted: number;
  } | null;
}

export interface Arrangement {
  /** Shown images, those of exit j at [start[j], start[j + 1]). */
  readonly images: Uint32Array;
  readonly start: Uint32Array;
}

/** Whether an image passes a filter. */
function passes(trace: Trace, outcome: Outcome, filter: ImageFilter, image: number): boolean {
  const { count, label, prediction } = trace;
  const { truth = null, right = null, turn = null, cell = null } = filter;
  if (truth !== null && label[image] !== truth) return false;
  if (cell !== null) {
    if (label[image] !== cell.truth) return false;
    if (prediction[cell.exit * count + image] !== cell.predicted) return false;
  }
  if (right !== null) {
    const here = prediction[outcome.exitOf[image]! * count + image] === label[image];
    if (here !== right) return false;
  }
  return turn === null || tookTurn(trace, outcome, turn, image);
}

/**
 * Groups the images that pass a filter by the exit where they leave; within an exit they keep the order in
 * which `order` names them. Counting sort, O(N).
 * @param order image indices, each at most once; null for 0, 1, 2, ….
 */
export function arrange(
  trace: Trace,
  outcome: Outcome,
  filter: ImageFilter = {},
  order: Uint32Array | null = null,
): Arrangement {
  const exits = trace.exits.length;
  const total = order ? order.length : trace.count;
  if (asksNothing(filter) && total === trace.count) return arrangeAll(outcome, order);
  const kept = new Uint32Array(total);
  const start = new Uint32Array(exits + 1);
  let shown = 0;
  for (let r = 0; r < total; r++) {
    const i = order ? order[r]! : r;
    if (!passes(trace, outcome, filter, i)) continue;
    kept[shown++] = i;
    start[outcome.exitOf[i]! + 1]!++;
  }
  for (let j = 0; j < exits; j++) start[j + 1]! += start[j]!;
  const next = start.slice();
  const images = new Uint32Array(shown);
  for (let r = 0; r < shown; r++) {
    const i = kept[r]!;
    images[next[outcome.exitOf[i]!]!++] = i;
  }
  return { images, start };
}

const asksNothing = (filter: ImageFilter): boolean =>
  Object.values(filter).every((asked) => asked === null || asked === undefined);

/** All of them: how many leave where is known, so one pass puts each in its place. */
function arrangeAll({ exitOf, leaving }: Outcome, order: Uint32Array | null): Arrangement {
  const start = new Uint32Array(leaving.length + 1);
  for (let j = 0; j < leaving.length; j++) start[j + 1] = start[j]! + leaving[j]!;
  const next = start.slice();
  const images = new Uint32Array(exitOf.length);
  for (let r = 0; r < images.length; r++) {
    const i = order ? order[r]! : r;
    images[next[exitOf[i]!]!++] = i;
  }
  return { images, start };
}

/** Orders images by a number each, smallest first; ties by index. */
export function orderBy(values: ArrayLike<number>, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}

/**
 * Orders images by exit and, within an exit, by the confidence with which they leave there, most eager first.
 * O(N·M) over orders that were sorted once, so that a drag need not sort.
 */
export function orderByLeaving(trace: Trace, outcome: Outcome, { order }: ExitOrder): Uint32Array {
  const { count, exits } = trace;
  const result = new Uint32Array(count);
  let n = 0;
  for (let j = 0; j < exits.length; j++) {
    if (outcome.leaving[j] === 0) continue;
    for (let r = j * count; r < (j + 1) * count; r++) {
      const i = order[r]!;
      if (outcome.exitOf[i] === j) result[n++] = i;
    }
  }
  return result;
}

/** Mean of a per-image number over the images that leave at each exit; NaN where nobody leaves. */
export function meanByExit(outcome: Outcome, values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(outcome.leaving.length);
  for (let i = 0; i < outcome.exitOf.length; i++) sums[outcome.exitOf[i]!]! += values[i]!;
  return sums.map((sum, j) => sum / outcome.leaving[j]!);
}
