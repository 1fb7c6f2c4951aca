/**
 * The formats of dataset files that are read here, in the order in which an unknown file is held against them. Their
 * code is fetched by whoever reads; a page that only names them carries none of it.
 */
import { DataError } from '../errors.ts';
import type { Format } from './format.ts';

export interface ListedFormat {
  readonly id: string;
  /** As a person calls it: "Drop dataset files: idx or …". */
  readonly name: string;
  /** "neither an idx file nor …". */
  readonly file: string;
  readonly load: () => Promise<Format>;
}

export const FORMATS = [
  {
    id: 'idx',
    name: 'idx',
    file: 'an idx file',
    load: () => import('./idx.ts').then(({ idx }) => idx),
  },
  {
    id: 'cifar',
    name: 'CIFAR binary',
    file: 'a CIFAR binary file',
    load: () => import('./cifar.ts').then(({ cifar }) => cifar),
  },
  {
    id: 'cifar-python',
    name: 'CIFAR pickles',
    file: 'a pickled batch of CIFAR',
    load: () => import('./cifar-python.ts').then(({ cifarPython }) => cifarPython),
  },
  {
    id: 'npz',
    name: 'npz',
    file: 'an npz archive of images',
    load: () => import('./npz.ts').then(({ npz }) => npz),
  },
  {
    id: 'pixel-table',
    name: 'tables of pixels',
    file: 'a table of pixels',
    load: () => import('./pixel-table.ts').then(({ pixelTable }) => pixelTable),
  },
] as const satisfies readonly ListedFormat[];

export type FormatId = (typeof FORMATS)[number]['id'];

/**
 * A format by its name in the catalogue.
 * @throws DataError when files of that layout are not read here.
 */
export function formatOf(layout: string, formats: readonly ListedFormat[] = FORMATS): ListedFormat {
  const found = formats.find(({ id }) => id === layout);
  if (found) return found;
  throw new DataError(`Files of the layout “${layout}” are not read here; ${readNames()} are.`);
}

/** "idx or CIFAR binary", "idx, npz or CIFAR binary". */
export function formatNames(formats: readonly ListedFormat[] = FORMATS): string {
  return listed(
    formats.map(({ name }) => name),
    'or',
  );
}

function readNames(): string {
  return listed(
    FORMATS.map(({ name }) => name),
    'and',
  );
}

function listed(names: readonly string[], last: string): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)!}`;
}
