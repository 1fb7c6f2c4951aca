/** Numbers as formulas print them: enough digits to compute them again. */
import type { Formula } from '../contract/story.ts';

export const digits = (value: number): string => value.toPrecision(4);

/** The lines of every exit but the last, at which nobody asks how sure it is. */
export function linesOf(
  exits: number,
  line: (exit: number) => readonly Formula[],
): (readonly Formula[])[] {
  return Array.from({ length: exits - 1 }, (_, j) => line(j));
}

/** The largest probability of softmax(values), as 1 / Σ: shifted by its largest term, that term is 1. */
export function greatestOf(values: Float32Array, what: string): Formula {
  let best = 0;
  for (let c = 1; c < values.length; c++) if (values[c]! > values[best]!) best = c;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - values[best]!);
  return { says: `max ${what} = 1 / Σ = 1 / ${digits(sum)}`, value: 1 / sum, of: best };
}
