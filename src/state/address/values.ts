/** How values of the URL are read and written, whatever they are of; what is not allowed is undefined. */
import { isAddress } from '../network/own.ts';

export const identifier = (text: string): string | undefined =>
  /^[a-z0-9][a-z0-9.-]{0,99}$/.test(text) ? text : undefined;

/** A network's id, or where one is: relative to the page, or absolute. */
export function networkName(text: string): string | undefined {
  const isWhole = text.length <= 2000 && !/[\s\p{Cc}]/u.test(text);
  return isAddress(text) ? (isWhole ? text : undefined) : identifier(text);
}

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

export const list = (values: readonly string[]): string => `one of ${values.join(', ')}`;
