/**
 * `npm run bench:weight`: gzipped size of the build without weights and runs against 500 kB, and what a first visit and
 * a live run on wasm fetch of it. `npm test` holds the visits to their limits.
 */
import { readFile, readdir } from 'node:fs/promises';
import { relative, join } from 'node:path';
import { launch, root, serve } from '../scripts/serve.ts';
import { follow, kB, total, VISITS, weigh, type Visit, type Weighed } from '../scripts/weight.ts';

/** Bytes, gzipped, of the whole build. */
const AIM = 500_000;
const dist = join(root, 'dist');
/** Folders whose files are data, not page. */
const data = ['networks', 'runs'];

async function weighAll(): Promise<Weighed[]> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !data.includes(path.split('/')[0]!) && !path.endsWith('.map'));
  return Promise.all(files.map(async (path) => weigh(path, await readFile(join(dist, path)))));
}

/** Paths, relative to the build, that the browser asks for until the page is done with what it opened on. */
async function fetchedOn({ query, done, charts }: Visit): Promise<ReadonlySet<string>> {
  // The build that was weighed, never another one that is being served.
  delete process.env['OFFRAMP_URL'];
  const served = await serve();
  const browser = await launch();
  try {
    const context = await browser.newContext();
    const fetched = follow(context, served.url);
    const page = await context.newPage();
    await page.goto(`${served.url}${query}`);
    await page.getByRole('status').getByText(done).waitFor({ timeout: 120_000 });
    await page.getByText(/undominated, [\d.]+ s$/).waitFor({ timeout: 120_000 });
    for (const chart of charts)
      await page.locator(`${chart} svg.recharts-surface`).waitFor({ timeout: 120_000 });
    return fetched;
  } finally {
    await browser.close();
    await served.close();
  }
}

const files = (await weighAll()).sort((a, b) => b.gzipped - a.gzipped);
/** What a newcomer gets, and a run that is computed on wasm. */
const visits: { readonly visit: Visit; readonly fetched: ReadonlySet<string> }[] = [];
for (const visit of VISITS) visits.push({ visit, fetched: await fetchedOn(visit) });

console.log('file                                               raw     gzipped   fetched by');
for (const { path, raw, gzipped } of files) {
  const first = visits.find(({ fetched }) => fetched.has(path));
  console.log(
    `${path.padEnd(44)} ${kB(raw).padStart(11)} ${kB(gzipped).padStart(11)}   ${first?.visit.name ?? ''}`,
  );
}
console.log(
  `\nwhole build without weights and runs: ${kB(total(files))} gzipped (${kB(total(files, 'raw'))} raw); ratio to the aim of ${kB(AIM)}: ${(total(files) / AIM).toFixed(2)}`,
);
for (const { visit, fetched } of visits) {
  const own = files.filter(({ path }) => fetched.has(path));
  const weight = total(own);
  console.log(
    `${visit.name}: ${kB(weight)} gzipped (${kB(total(own, 'raw'))} raw); ratio to the limit of ${kB(visit.most)}: ${(weight / visit.most).toFixed(2)}`,
  );
}
