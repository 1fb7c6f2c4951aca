/**
 * `npm run bench:weight`: gzipped size of the build without network weights against 500 kB, and what a first visit on
 * wasm fetches of it.
 */
import { readFile, readdir } from 'node:fs/promises';
import { relative, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launch, root, serve } from '../scripts/serve.ts';

/** Bytes, gzipped: the aim of issue 2. */
const AIM = 500_000;
const dist = join(root, 'dist');
/** Folders whose files are data, not page. */
const data = ['networks', 'runs'];

interface Weighed {
  readonly path: string;
  readonly raw: number;
  readonly gzipped: number;
}

async function weigh(): Promise<Weighed[]> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !data.includes(path.split('/')[0]!) && !path.endsWith('.map'));
  return Promise.all(
    files.map(async (path) => {
      const bytes = await readFile(join(dist, path));
      return { path, raw: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
    }),
  );
}

/** Paths, relative to the build, that the browser asks for until the first run on wasm is done. */
async function fetchedOnFirstVisit(): Promise<Set<string>> {
  // The build that was weighed, never another one that is being served.
  delete process.env['OFFRAMP_URL'];
  const served = await serve();
  const browser = await launch();
  const fetched = new Set<string>();
  try {
    const context = await browser.newContext();
    context.on('request', (request) => {
      const { pathname } = new URL(request.url());
      fetched.add(pathname === '/' ? 'index.html' : pathname.slice(1));
    });
    const page = await context.newPage();
    await page.goto(`${served.url}?backend=wasm&train=400&test=200`);
    await page.getByRole('status').getByText('done in').waitFor({ timeout: 120_000 });
    await page.getByText(/undominated, [\d.]+ s$/).waitFor({ timeout: 120_000 });
  } finally {
    await browser.close();
    await served.close();
  }
  return fetched;
}

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const sum = (files: readonly Weighed[], key: 'raw' | 'gzipped'): number =>
  files.reduce((total, file) => total + file[key], 0);

const files = (await weigh()).sort((a, b) => b.gzipped - a.gzipped);
const fetched = await fetchedOnFirstVisit();
const first = files.filter(({ path }) => fetched.has(path));

console.log(
  'file                                               raw     gzipped   first visit on wasm',
);
for (const { path, raw, gzipped } of files) {
  const mark = fetched.has(path) ? 'yes' : '';
  console.log(`${path.padEnd(44)} ${kB(raw).padStart(11)} ${kB(gzipped).padStart(11)}   ${mark}`);
}
const all = sum(files, 'gzipped');
const visit = sum(first, 'gzipped');
console.log(`\nwhole build without weights: ${kB(all)} gzipped (${kB(sum(files, 'raw'))} raw)`);
console.log(`first visit on wasm:         ${kB(visit)} gzipped (${kB(sum(first, 'raw'))} raw)`);
console.log(
  `ratio to the aim of ${kB(AIM)}: first visit ${(visit / AIM).toFixed(2)}, everything ${(all / AIM).toFixed(2)}`,
);
