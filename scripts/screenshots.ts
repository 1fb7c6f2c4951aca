/**
 * `npm run screenshots`: the default view on strokes, light and dark, as docs/images/explore-*.png, and the recorded run of a
 * first visit as public/preview.png, which other sites show of a link. `-- --preview` makes the last one alone. Needs a build
 * in dist/, or a running server in OFFRAMP_URL.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';
import { PICTURE } from './card.ts';
import { palettePng } from './png.ts';
import { launch, root, serve } from './serve.ts';

const LARGEST = 250_000;
const SIZE = { width: 1440, height: 900 };
const folder = 'docs/images';

/** What a run took differs from machine to machine and from day to day. The page's policy allows no such sheet: it is bypassed. */
const onlyWhatStays =
  '.progress, .curve-progress { visibility: hidden } .progress { width: 6em; overflow: hidden; white-space: nowrap }';

/** The page once nothing moves any more: searches go on after the run. */
async function settled(page: Page): Promise<Buffer> {
  const shoot = (): Promise<Buffer> =>
    page.screenshot({ animations: 'disabled', caret: 'hide', style: onlyWhatStays });
  let last = await shoot();
  for (let tries = 0; tries < 60; tries++) {
    await page.waitForTimeout(1500);
    const next = await shoot();
    if (next.equals(last)) return next;
    last = next;
  }
  throw new Error('The page still changes after 90 s.');
}

async function pixels(page: Page, png: Buffer): Promise<Uint8Array> {
  const base64 = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = `data:image/png;base64,${source}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const parts: string[] = [];
    for (let at = 0; at < data.length; at += 32_766)
      parts.push(btoa(String.fromCharCode(...data.subarray(at, at + 32_766))));
    return parts;
  }, png.toString('base64'));
  return Buffer.concat(base64.map((part) => Buffer.from(part, 'base64')));
}

async function write(page: Page, path: string, width: number, height: number): Promise<void> {
  const file = palettePng(await pixels(page, await settled(page)), width, height);
  if (file.length > LARGEST)
    throw new Error(`${path} would have ${file.length} bytes; expected ${LARGEST} at most.`);
  await writeFile(root + path, file);
  console.log(`${path}: ${Math.round(file.length / 1000)} kB`);
}

async function explore(browser: Browser, url: string, theme: 'light' | 'dark'): Promise<void> {
  const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1, bypassCSP: true });
  await page.goto(`${url}?data=strokes&backend=wasm&theme=${theme}&seed=1`);
  await page.getByRole('status').getByText('done in').waitFor({ timeout: 120_000 });
  await page.getByText(/undominated, [\d.]+ s$/).waitFor({ timeout: 120_000 });
  await page.getByText(/^Leaves at/).waitFor();
  await page.locator('.distances').waitFor();
  await write(page, `${folder}/explore-${theme}.png`, SIZE.width, SIZE.height);
  await page.close();
}

/** What other sites show of a link. */
async function preview(browser: Browser, url: string): Promise<void> {
  const { width, height, file } = PICTURE;
  // As wide as a desktop's window, and smaller than life.
  const deviceScaleFactor = width / SIZE.width;
  const viewport = { width: SIZE.width, height: Math.round(height / deviceScaleFactor) };
  const page = await browser.newPage({ viewport, deviceScaleFactor, bypassCSP: true });
  await page.goto(`${url}?theme=light`);
  await page.getByText(/undominated, [\d.]+ s$/).waitFor({ timeout: 120_000 });
  await page.locator('.curve svg.recharts-surface').waitFor();
  await write(page, `public/${file}`, width, height);
  await page.close();
}

await mkdir(root + folder, { recursive: true });
const served = await serve();
const browser = await launch();
try {
  if (!process.argv.includes('--preview'))
    for (const theme of ['light', 'dark'] as const) await explore(browser, served.url, theme);
  await preview(browser, served.url);
} finally {
  await browser.close();
  await served.close();
}
