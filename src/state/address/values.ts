/** How single values of the URL are read and written; what is not allowed is undefined. */
import { isMethodId } from '../../methods/registry.ts';
import type { SearchName } from '../../core/run-index.ts';
import { methodIds, onStep, racerKinds, type CompareChoices } from '../compare/choices.ts';
import type { Cell } from '../view.ts';

export const identifier = (text: string): string | undefined =>
  /^[a-z0-9][a-z0-9.-]{0,99}$/.test(text) ? text : undefined;

export const integer =
  (from: number, to: number) =>
  (text: string): number | undefined => {
    const value = Number(text);
    return /^\d{1,10}$/.test(text) && value >= from && value <= to ? value : undefined;
  };

export const oneOf =
  <Value extends string>(values: readonly Value[]) =>
  (text: string): Value | undefined =>
    values.find((value) => value === text);

export const text = (value: string | number | null): string | null =>
  value === null ? null : `${value}`;

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

/** Some of the methods joined by _, in the order of the page; none of them is `none`. */
export function readMethods(value: string): CompareChoices['methods'] | undefined {
  if (value === 'none') return [];
  const parts = value.split('_');
  const known = methodIds.filter((id) => parts.includes(id));
  return known.length === parts.length ? known : undefined;
}

export function readCost(value: string): number | undefined {
  const cost = Number(value);
  return /^\d(\.\d{1,4})?$/.test(value) && cost <= 1 ? onStep(cost) : undefined;
}

/** Two racers, each a method and where its run is from: `e2cm.recorded_sdn.live`. */
export function readPair(value: string): CompareChoices['pair'] | undefined {
  const racers = value.split('_').map((racer) => racer.split('.'));
  const [first, second] = racers.map(([method, kind, ...more]) => {
    const isRacer = isMethodId(method ?? '') && racerKinds.some((known) => known === kind);
    return isRacer && more.length === 0 ? `${method} ${kind}` : undefined;
  });
  return first && second && racers.length === 2 ? [first, second] : undefined;
}

/** Exits of Figure 1, each another one. */
export function readExits(value: string): number[] | undefined {
  const exits = value.split('_').map(integer(0, 254));
  const known = exits.filter((exit) => exit !== undefined);
  const isSet = new Set(known).size === exits.length;
  return isSet && exits.length <= MOST_MATRICES ? known : undefined;
}

export const MOST_MATRICES = 6;
export const searchNames: readonly SearchName[] = ['paper', 'frontier'];

export const list = (values: readonly string[]): string => `one of ${values.join(', ')}`;
