/** Times of the same work done again and again: the median, and how far the middle half spreads. */
export interface Spread {
  /** Milliseconds. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Times that it was done. */
  readonly times: number;
}

/**
 * @param rounds milliseconds of each time, round by round. A clock that ticks coarsely says little of one time, so the
 * mean of a round counts as one.
 */
export function spreadOf(rounds: readonly ArrayLike<number>[]): Spread {
  const means = rounds.map((round) => meanOf(round)).sort((a, b) => a - b);
  const at = (share: number): number => means[Math.round(share * (means.length - 1))] ?? NaN;
  const times = rounds.reduce((sum, { length }) => sum + length, 0);
  return { median: at(0.5), low: at(0.25), high: at(0.75), times };
}

const meanOf = (numbers: ArrayLike<number>): number =>
  Array.from(numbers).reduce((sum, one) => sum + one, 0) / numbers.length;

/** The mean of several rows of the same length. */
export function meanRow(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows[0] ?? [], (_, at) => meanOf(rows.map((row) => row[at]!)));
}

/** How often work of so many milliseconds is done in a round, so that the clock's ticks do not matter. */
export const repeatsFor = (milliseconds: number, round = 20): number =>
  Math.max(1, Math.min(50, Math.ceil(round / Math.max(0.1, milliseconds))));
