/** What a visit fetches of the page itself, gzipped, against what it may weigh. */
import { gzipSync } from 'node:zlib';
import type { BrowserContext } from '@playwright/test';

/** Folders whose files are data, not page. */
const DATA = ['networks', 'runs', 'data'];

export interface Visit {
  readonly name: string;
  readonly query: string;
  /** What the bar says when it is over. */
  readonly done: RegExp;
  /** Figures whose charts are drawn by then; beyond them nothing is asked for. */
  readonly charts: readonly string[];
  /** Bytes, gzipped. */
  readonly most: number;
}

export const VISITS: readonly Visit[] = [
  {
    name: 'first visit, a recorded run',
    query: '',
    done: /^recorded run$/,
    charts: ['.curve'],
    most: 240_000,
  },
  {
    name: 'a live run on wasm',
    query: '?data=strokes&backend=wasm&train=400&test=200',
    done: /done in/,
    charts: ['.curve', '.distances'],
    most: 560_000,
  },
];

export interface Weighed {
  readonly path: string;
  readonly raw: number;
  readonly gzipped: number;
}

export function weigh(path: string, bytes: Uint8Array): Weighed {
  return { path, raw: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}

/** The file of the build that an address names; null for data and for other servers. */
export function pathOf(address: string, base: string): string | null {
  const { origin, pathname } = new URL(address);
  const home = new URL(base);
  if (origin !== home.origin || !pathname.startsWith(home.pathname)) return null;
  const path = decodeURIComponent(pathname.slice(home.pathname.length)) || 'index.html';
  return DATA.includes(path.split('/')[0] ?? '') ? null : path;
}

/** Notes what pages and workers of a context ask for from now on. */
export function follow(context: BrowserContext, base: string): ReadonlySet<string> {
  const fetched = new Set<string>();
  context.on('request', (request) => {
    const path = pathOf(request.url(), base);
    if (path !== null) fetched.add(path);
  });
  return fetched;
}

export const total = (files: readonly Weighed[], key: 'raw' | 'gzipped' = 'gzipped'): number =>
  files.reduce((sum, file) => sum + file[key], 0);

export const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/**
 * What is too heavy about a visit, as a sentence that names its heaviest files; null where it keeps to its limit.
 * @throws Error where nothing was fetched: a measurement that saw nothing must not pass.
 */
export function tooHeavy(
  { name, most }: Pick<Visit, 'name' | 'most'>,
  files: readonly Weighed[],
): string | null {
  if (!files.some(({ path }) => path.endsWith('.js')))
    throw new Error(`No script was fetched (${name}): the weight of a visit cannot be measured.`);
  const weight = total(files);
  if (weight <= most) return null;
  const heaviest = [...files].sort((a, b) => b.gzipped - a.gzipped).slice(0, 6);
  return (
    `${name}: ${kB(weight)} gzipped, expected ${kB(most)} at most. Heaviest: ` +
    `${heaviest.map(({ path, gzipped }) => `${path} (${kB(gzipped)})`).join(', ')}.`
  );
}
