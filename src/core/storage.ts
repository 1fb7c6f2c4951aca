/** What E2CM adds to a network, from the exits of a run alone: bytes of class means, and distances beside each stage. */
import { classMeanBytes, distanceFlops } from './flops.ts';
import type { Exit, Trace } from './trace.ts';

/** In bytes: as this program keeps class means, and in NumPy's default type, by which the paper's figures come out. */
export interface Bytes {
  readonly float32: number;
  readonly float64: number;
}

export interface Storage {
  readonly perExit: readonly Bytes[];
  readonly total: Bytes;
  /** Of an exit on average. */
  readonly mean: Bytes;
}

/**
 * Storage of K class means at every exit, the classifier's included (§4.1): K·ΣD_j numbers.
 * @returns null when a trace of another program does not say how large its exits are.
 */
export function storageOf(exits: readonly Exit[], classes: number): Storage | null {
  const sizes = sizesOf(exits);
  if (!sizes) return null;
  const bytes = (of: readonly number[]): Bytes => ({
    float32: classMeanBytes(classes, of, 4),
    float64: classMeanBytes(classes, of, 8),
  });
  const total = bytes(sizes);
  return {
    perExit: sizes.map((size) => bytes([size])),
    total,
    mean: { float32: total.float32 / sizes.length, float64: total.float64 / sizes.length },
  };
}

/** FLOPs of one image between the exit before (or the input) and this one. */
export interface ExitOverhead {
  /** Of the network's own layers. */
  readonly stage: number;
  /** Of the distances to the class means at this exit: K(3D_j − 1), 0 where the network itself decides. */
  readonly distance: number;
  /** distance / stage. */
  readonly share: number;
}

export interface Overhead {
  readonly perExit: readonly ExitOverhead[];
  /** Index of the exit with the largest share. */
  readonly largest: number;
  /** All distances over the plain network's FLOPs. */
  readonly total: number;
}

/**
 * Cost of the distances of an E2CM run beside the layers that they follow. Costs of exits are cumulative, so what is
 * not distance is the network's own; the last exit is charged for distances if the sum says so.
 * @returns null when exits do not say how large they are, or when their costs are not those of E2CM.
 */
export function overheadOf(
  { exits, networkFlops }: Pick<Trace, 'exits' | 'networkFlops'>,
  classes: number,
): Overhead | null {
  const sizes = sizesOf(exits);
  if (!sizes) return null;
  const last = exits.length - 1;
  const distances = sizes.map((size) => distanceFlops(classes, size));
  const before = distances.slice(0, last).reduce((sum, flops) => sum + flops, 0);
  const atLast = exits[last]!.flops - networkFlops - before;
  if (atLast !== 0 && atLast !== distances[last]) return null;
  distances[last] = atLast;
  const perExit = exits.map(({ flops }, j): ExitOverhead => {
    const distance = distances[j]!;
    const stage = flops - (j === 0 ? 0 : exits[j - 1]!.flops) - distance;
    return { stage, distance, share: distance / stage };
  });
  if (perExit.some(({ stage }) => stage <= 0)) return null;
  const largest = perExit.reduce(
    (best, { share }, j) => (share > perExit[best]!.share ? j : best),
    0,
  );
  return { perExit, largest, total: (before + atLast) / networkFlops };
}

/** D_j of every exit, if all are known. */
function sizesOf(exits: readonly Exit[]): number[] | null {
  const sizes = exits.flatMap(({ size }) => (size === undefined ? [] : [size]));
  return sizes.length === exits.length && sizes.length > 0 ? sizes : null;
}
