/** Numbers of the Paper page as people read them. */
import type { Measured } from '../../state/paper/measure.ts';
import { tenths } from '../shared/format.ts';

/** 83.24 → "83.2", with the spread of several seeds: "83.2 ± 0.4". */
export function measured({ accuracy, spread }: Measured): string {
  return `${tenths(accuracy)}${spread === null ? '' : ` ± ${spread.toFixed(1)}`}`;
}

/** 22774560 → "22.77 MB": powers of 1000. */
export function megabytes(n: number): string {
  return `${digitsOf(n / 1e6)} MB`;
}

/** 22774560 → "21.72 MiB": powers of 1024. */
export function mebibytes(n: number): string {
  return `${digitsOf(n / 2 ** 20)} MiB`;
}

/** Enough digits to tell sizes from the paper's apart. */
function digitsOf(value: number): string {
  if (value >= 100) return value.toFixed(1);
  return value.toPrecision(4);
}
