/** How what the link says of a trace is read and written; what is not allowed is undefined. */
import { MOST_CLASSES, MOST_EXITS } from '../../core/trace.ts';
import type { Cell } from '../scene/selection.ts';

/**
 * Closed exits are written `x`, open ones `o`; the others with every digit: where T is the confidence of the image
 * that just stays, rounding would let it go.
 */
function writeThreshold(threshold: number): string {
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

/** Above so many, thresholds are written in base64: a class-aware policy has one an exit and class. */
const MOST_IN_WORDS = 60;
/** Exits and classes of the largest trace that can be opened. */
const MOST_THRESHOLDS = MOST_EXITS * MOST_CLASSES;
/** What base64 begins with: of float32, where those are exact, or of float64; little-endian. */
const PACKED = { '~': Float32Array, '*': Float64Array } as const;

export function writeThresholds(thresholds: readonly number[]): string {
  if (thresholds.length <= MOST_IN_WORDS) return thresholds.map(writeThreshold).join('_');
  const mark = thresholds.every((threshold) => Math.fround(threshold) === threshold) ? '~' : '*';
  const bytes = new Uint8Array(PACKED[mark].from(thresholds).buffer);
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return mark + btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function unpackThresholds(mark: keyof typeof PACKED, packed: string): number[] | undefined {
  if (!/^[\w-]*$/.test(packed) || packed.length % 4 === 1) return undefined;
  const text = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const { BYTES_PER_ELEMENT } = PACKED[mark];
  if (bytes.length % BYTES_PER_ELEMENT !== 0 || bytes.length > BYTES_PER_ELEMENT * MOST_THRESHOLDS)
    return undefined;
  const thresholds = [...new PACKED[mark](bytes.buffer)];
  return thresholds.some(Number.isNaN) ? undefined : thresholds;
}

export function readThresholds(value: string): number[] | undefined {
  const mark = value.charAt(0);
  if (mark === '~' || mark === '*') return unpackThresholds(mark, value.slice(1));
  const parts = value.split('_').map(readThreshold);
  return parts.length <= 255 && parts.every((part) => part !== undefined) ? parts : undefined;
}

export function readCell(value: string): Cell | undefined {
  const match = /^(\d{1,3})\.(\d{1,5})\.(\d{1,5})$/.exec(value);
  if (!match) return undefined;
  const [exit, truth, predicted] = match.slice(1).map(Number) as [number, number, number];
  return exit < MOST_EXITS && Math.max(truth, predicted) < MOST_CLASSES
    ? { exit, truth, predicted }
    : undefined;
}

/** Where traces are, one a line: relative to the page, or absolute. They are looked at when they are opened. */
export function readAddresses(value: string): string[] | undefined {
  const addresses = value.split('\n');
  const areGood = addresses.every(
    (address) => address.length > 0 && address.length <= 2000 && !/[\s\p{Cc}]/u.test(address),
  );
  return areGood && addresses.length <= 16 ? addresses : undefined;
}
