import type { Random } from '../../core/random.ts';

/**
 * A bell-shaped number: mean 0, standard deviation 1, never beyond ±3 (the sum of three uniform numbers).
 * Exact arithmetic only, so that every engine gives the same bits.
 */
export function bell(random: Random): number {
  return 2 * (random() + random() + random()) - 3;
}
