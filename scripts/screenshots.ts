/**
 * `npm run screenshots`: the default view on strokes, light and dark, as docs/images/explore-*.png. Needs a build in
 * dist/, or a running server in OFFRAMP_URL.
 */
import { mkdir, stat } from 'node:fs/promises';
import { launch, root, serve } from './serve.ts';

const LARGEST = 250_000;
const folder = `${root}docs/images`;

await mkdir(folder, { recursive: true });
const served = await serve();
const browser = await launch();
try {
  for (const theme of ['light', 'dark'] as const) {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme: theme,
      reducedMotion: 'reduce',
    });
    await page.goto(`${served.url}?backend=wasm&theme=${theme}&seed=1`);
    await page.getByRole('status').getByText('done in').waitFor({ timeout: 120_000 });
    await page.getByText(/undominated, [\d.]+ s$/).waitFor({ timeout: 120_000 });
    await page.getByText(/^Leaves at/).waitFor();
    await page.locator('.distances').waitFor();
    const path = `${folder}/explore-${theme}.png`;
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    const { size } = await stat(path);
    console.log(`${path.slice(root.length)}: ${Math.round(size / 1000)} kB`);
    if (size > LARGEST) throw new Error(`${path} has ${size} bytes; expected ${LARGEST} at most.`);
    await page.close();
  }
} finally {
  await browser.close();
  await served.close();
}
