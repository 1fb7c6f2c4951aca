/**
 * `npm run bench:open`: a trace of 50,000 images × 52 exits × 10 classes opened in the production build, as the two files
 * of a trace and as an .npz of float32 logits (104 MB). From the files being given (from “Open” for the logits) until the
 * map is drawn, and the longest task of the page's thread meanwhile. Aims: 3 s, 50 ms.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { randomFrom } from '../src/core/random.ts';
import { encodeTrace } from '../src/core/trace-file.ts';
import type { Trace } from '../src/core/trace.ts';
import { npyFile, npzFile } from '../src/data/arrays/testing.ts';
import { before, launch, serve } from '../scripts/serve.ts';

const [IMAGES, EXITS, CLASSES] = [50_000, 52, 10];

interface Watched {
  longest: number;
  drawn: number;
}

/** Notes the longest task and when the map was drawn last, on the page's own clock. */
function watch(): void {
  const watched: Watched = { longest: 0, drawn: 0 };
  Object.assign(window, { offrampWatched: watched });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      watched.longest = Math.max(watched.longest, duration);
  }).observe({ entryTypes: ['longtask'] });
  new PerformanceObserver((list) => {
    watched.drawn = list.getEntriesByName('offramp:map-drawn').at(-1)?.startTime ?? watched.drawn;
  }).observe({ entryTypes: ['mark'] });
}

const random = randomFrom(1);
const label = Uint8Array.from({ length: IMAGES }, () => random() * CLASSES);
const flops = Array.from({ length: EXITS }, (_, j) => (j + 1) * 1e6);

function trace(): Trace {
  const cells = IMAGES * EXITS;
  return {
    ...{ dataset: 'many', network: 'deep', method: 'sdn', split: 'test' },
    classes: Array.from({ length: CLASSES }, (_, k) => `${k}`),
    ...{ count: IMAGES, total: IMAGES, networkFlops: flops.at(-1)!, label },
    exits: flops.map((cost, stage) => ({ name: `exit ${stage + 1}`, stage, flops: cost })),
    prediction: Uint8Array.from({ length: cells }, () => random() * CLASSES),
    confidence: Float32Array.from({ length: cells }, () => random()),
    provenance: { commit: 'bench', backend: 'none', seed: 1, trainImages: 0, options: {} },
  };
}

function logits(): Uint8Array {
  const values = Float32Array.from({ length: IMAGES * EXITS * CLASSES }, () => 8 * random());
  return npzFile({
    logits: npyFile([EXITS, IMAGES, CLASSES], values, '<f4'),
    labels: npyFile([IMAGES], label, '|u1'),
    flops: npyFile([EXITS], flops),
  });
}

async function measured(page: Page, what: string, open: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const { offrampWatched } = window as unknown as { offrampWatched: Watched };
    Object.assign(offrampWatched, { longest: 0, drawn: 0 });
  });
  const begun = await page.evaluate(() => performance.now());
  await open();
  await page.getByText(`traced ${IMAGES.toLocaleString('en')} test images`).waitFor();
  await page.waitForFunction(
    () => (window as unknown as { offrampWatched: Watched }).offrampWatched.drawn > 0,
  );
  // A long task is reported when it is over.
  await page.waitForTimeout(500);
  const { longest, drawn } = await page.evaluate(
    () => (window as unknown as { offrampWatched: Watched }).offrampWatched,
  );
  console.log(
    `${what}: ${((drawn - begun) / 1000).toFixed(2)} s until the map is drawn, longest task ${longest.toFixed(0)} ms (aims: 3 s, 50 ms)`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'offramp-open-'));
const { header, bytes } = encodeTrace(trace());
const files = ['many.trace.json', 'many.trace.bin', 'many.npz'].map((name) => join(folder, name));
writeFileSync(files[0]!, JSON.stringify(header));
writeFileSync(files[1]!, bytes);
writeFileSync(files[2]!, logits());

const server = await serve();
const browser = await launch();
try {
  console.log(
    `${cpus()[0]!.model}, ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}; ${IMAGES} × ${EXITS} × ${CLASSES}`,
  );
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await before(page, watch);
  await page.goto(`${server.url}?data=cifar-10`);
  await page.getByRole('slider').first().waitFor();
  const give = async (given: string[]): Promise<void> => {
    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Images/ })
      .click();
    await page.getByLabel('Trace files').setInputFiles(given);
  };
  await measured(page, 'a trace', () => give(files.slice(0, 2)));
  await page.keyboard.press('Escape');
  await give([files[2]!]);
  const form = page.getByRole('dialog', { name: 'What is in many.npz?' });
  const asked = performance.now();
  await form.waitFor();
  console.log(`logits: ${((performance.now() - asked) / 1000).toFixed(2)} s until the form asks`);
  await form.getByLabel('Which split it is').selectOption('test');
  await form.getByLabel('Network', { exact: true }).fill('deep');
  await form.getByLabel('Is the last exit the plain network?').selectOption('yes');
  await measured(page, 'logits, answered', () =>
    form.getByRole('button', { name: 'Open' }).click(),
  );
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
}
