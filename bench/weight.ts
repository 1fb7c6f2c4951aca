/**
 * `npm run bench:weight`: gzipped size of the build without weights and runs against 500 kB, and what a first visit and
 * a live run on wasm fetch of it.
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

/** Paths, relative to the build, that the browser asks for until the page is done with what it opened on. */
async function fetchedOn(query: string, done: RegExp): Promise<Set<string>> {
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
    await page.goto(`${served.url}${query}`);
    await page.getByRole('status').getByText(done).waitFor({ timeout: 120_000 });
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
/** What a newcomer gets, and a run that is computed on wasm. */
const recorded = await fetchedOn('', /^recorded run$/);
const live = await fetchedOn('?data=strokes&backend=wasm&train=400&test=200', /done in/);

console.log('file                                               raw     gzipped   fetched');
for (const { path, raw, gzipped } of files) {
  const mark = recorded.has(path) ? 'first visit' : live.has(path) ? 'live on wasm' : '';
  console.log(`${path.padEnd(44)} ${kB(raw).padStart(11)} ${kB(gzipped).padStart(11)}   ${mark}`);
}
console.log(
  `\nwhole build without weights and runs: ${kB(sum(files, 'gzipped'))} gzipped (${kB(sum(files, 'raw'))} raw)`,
);
for (const [name, fetched] of [
  ['first visit, a recorded run', recorded],
  ['a live run on wasm', live],
] as const) {
  const visit = files.filter(({ path }) => fetched.has(path));
  const weight = sum(visit, 'gzipped');
  console.log(
    `${name}: ${kB(weight)} gzipped (${kB(sum(visit, 'raw'))} raw); ratio to the aim of ${kB(AIM)}: ${(weight / AIM).toFixed(2)}`,
  );
}
