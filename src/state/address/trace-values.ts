/** How what the link says of a trace is read and written; what is not allowed is undefined. */
import type { Cell } from '../scene/selection.ts';

/**
 * Closed exits are written `x`, open ones `o`; the others with every digit: where T is the confidence of the image
 * that just stays, rounding would let it go.
 */
export function writeThreshold(threshold: number): string {
  if (threshold === Infinity) return 'x';
  if (threshold === -Infinity) return 'o';
  return `${threshold}`;
}

function readThreshold(part: string): number | undefined {
  if (part === 'x') return Infinity;
  if (part === 'o') return -Infinity;
  const value = part === '' ? NaN : Number(part);
  return Number.isFinite(value) ? value : undefined;
}

export function readThresholds(value: string): number[] | undefined {
  const parts = value.split('_').map(readThreshold);
  return parts.length <= 255 && parts.every((part) => part !== undefined) ? parts : undefined;
}

export function readCell(value: string): Cell | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(value);
  if (!match) return undefined;
  const [exit, truth, predicted] = match.slice(1).map(Number) as [number, number, number];
  return Math.max(exit, truth, predicted) < 256 ? { exit, truth, predicted } : undefined;
}

/** Where traces are, one a line: relative to the page, or absolute. They are looked at when they are opened. */
export function readAddresses(value: string): string[] | undefined {
  const addresses = value.split('\n');
  const areGood = addresses.every(
    (address) => address.length > 0 && address.length <= 2000 && !/[\s\p{Cc}]/u.test(address),
  );
  return areGood && addresses.length <= 16 ? addresses : undefined;
}
